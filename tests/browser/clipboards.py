"""What other programs put on the clipboard, in their own manner, and the Markdown it is."""

WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"
xmlns:st1="urn:schemas-microsoft-com:office:smarttags">
<head><meta name=Generator content="Microsoft Word 15"><style><!-- p.MsoNormal {mso-style-parent:""} --></style>
<!--[if gte mso 9]><xml><o:OfficeDocumentSettings/></xml><![endif]--></head><body lang=EN-US><!--StartFragment-->
<h2>The Hive<o:p></o:p></h2>
<p class=MsoNormal style='mso-margin-top-alt:auto'>
In <st1:place w:st="on">Lyon</st1:place>, <b style='mso-bidi-font-weight:
normal'>nobody</b> mows<span style='mso-spacerun:yes'>&nbsp; </span>a <i>roof</i>.<a style='mso-footnote-id:ftn1'
href="#_ftn1" name="_ftnref1" title=""><span class=MsoFootnoteReference><span style='mso-special-character:footnote'>
<![if !supportFootnotes]>[1]<![endif]></span></span></a><o:p></o:p></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='font-family:Symbol'><span style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;
</span></span></span><![endif]>A smoker<o:p></o:p></p>
<p class=MsoListParagraphCxSpMiddle style='mso-list:l0 level2 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>o
</span><![endif]>and straw<o:p></o:p></p>
<p class=MsoListParagraphCxSpLast style='mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>·
</span><![endif]>Gloves<o:p></o:p></p>
<p class=MsoNormal><span style='mso-list:none'></span><span lang=EN-GB></span>Then:</p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><![if !supportLists]><span style='mso-list:Ignore'>1.
</span><![endif]>Open it</p>
<table class=MsoTableGrid border=1><tr><td><p class=MsoNormal>Month</p></td><td><p class=MsoNormal>Jars</p></td></tr>
<tr><td><p class=MsoNormal>May | June</p></td><td><p class=MsoNormal><b>12</b></p></td></tr></table>
<p class=MsoQuote>So be it.</p>
<div style='mso-element:footnote-list'><br clear=all><hr align=left size=1 width="33%">
<div style='mso-element:footnote' id=ftn1><p class=MsoFootnoteText><a style='mso-footnote-id:ftn1' href="#_ftnref1"
name="_ftn1" title=""><span class=MsoFootnoteReference>[1]</span></a> A week is <i>enough</i>.<o:p></o:p></p>
</div></div>
<!--EndFragment--></body></html>"""
WORD_MARKDOWN = """## The Hive

In Lyon, **nobody** mows a *roof*.[^1]

- A smoker
  - and straw
- Gloves

Then:

1. Open it

| Month | Jars |
| --- | --- |
| May \\| June | **12** |

> So be it.

[^1]: A week is *enough*."""

GOOGLE_DOCS = """<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-7a1b2c3d-7fff-0000">
<h1 dir="ltr"><span style="font-size:20pt;font-weight:400;">The First Spring</span></h1>
<p dir="ltr"><span style="font-weight:400;font-style:normal;">It was </span><span style="font-weight:700;">very</span>
<span style="font-style:italic;font-weight:400;"> cold</span><span style="font-weight:400;">, not </span><span
style="text-decoration:line-through;font-weight:400;">warm</span><span style="font-weight:400;">.</span></p><br />
<ul><li dir="ltr" aria-level="1"><p dir="ltr" role="presentation"><span style="font-weight:400;">One</span></p></li>
<ul><li dir="ltr" aria-level="2"><p dir="ltr" role="presentation"><span style="font-weight:400;">Inner</span></p></li>
</ul>
<li dir="ltr" aria-level="1"><p dir="ltr" role="presentation"><span style="font-weight:400;">Two</span></p></li></ul>
</b>"""
GOOGLE_DOCS_MARKDOWN = """# The First Spring

It was **very** *cold*, not ~~warm~~.

- One
  - Inner
- Two"""

WEB = """<div onclick="document.documentElement.dataset.owned='click'"><script>document.documentElement
.dataset.owned='script'</script><style>p { color: red }</style><p>See
<a href="https://example.org/a?b=1">the rules</a>, not
<a href="javascript:document.documentElement.dataset.owned='link'">this</a>,
<img src="/nowhere.png" onerror="document.documentElement.dataset.owned='image'"> and <code>let x = 1</code>.</p>
<p>1. is no list, * is no star<br><br>And a new paragraph.</p><iframe src="/"></iframe><hr>
<ol start="3"><li><p>Three</p></li><li>Four<ol><li>Inner</li></ol></li></ol><span></span></div>"""
WEB_MARKDOWN = """See [the rules](https://example.org/a?b=1), not this, and `let x = 1`.

1\\. is no list, \\* is no star

And a new paragraph.

* * *

3. Three
4. Four
   1. Inner"""
