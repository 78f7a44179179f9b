"""One typesetting job in a process of its own: typst never gives its memory back, so the process does.

Run as a file by `typesetter.typeset`, with the job as JSON on standard input: `main` (path of the template, all other
files beside it), `output`, `format` (pdf or png), `pixels_an_inch` (of the png), `standards`, `timestamp` (Unix seconds
or null), `fonts` (folders), `memory` (bytes of address space). Standard library and typst only: it must start fast.
"""

import json
import resource
import sys


def main() -> int:
    """Do the job; 0 when the file is written, 1 with the reason on standard error."""
    job = json.load(sys.stdin)
    resource.setrlimit(resource.RLIMIT_AS, (job["memory"], job["memory"]))
    # After the limit, so that it holds for the engine's own threads and tables too.
    import typst

    try:
        typst.compile(
            job["main"],
            output=job["output"],
            format=job["format"],
            ppi=job["pixels_an_inch"],
            pdf_standards=job["standards"],
            timestamp=job["timestamp"],
            font_paths=typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=job["fonts"]),
        )
    except typst.TypstError as error:
        sys.stderr.write(f"{error.message}\n{error.diagnostic}")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
