import hashlib
import json
import zlib

from django.db import migrations, models

# As core.deltas.whole writes it: a migration keeps to the format of its day.


def pack(apps, schema_editor):
    versions = apps.get_model("books", "ChapterVersion")
    titles = dict(apps.get_model("books", "Chapter").objects.values_list("pk", "title"))
    for version in versions.objects.iterator(chunk_size=200):
        packed = json.dumps([version.markdown + "\x00"], ensure_ascii=False, separators=(",", ":"))
        version.payload, version.is_whole = zlib.compress(packed.encode(), 9), True
        version.text_digest = hashlib.sha256(version.markdown.encode()).hexdigest()
        version.title = titles[version.chapter_id]
        version.save(update_fields=["payload", "is_whole", "text_digest", "title"])
    newest = versions.objects.filter(chapter=models.OuterRef("pk")).order_by("-number").values("number")[:1]
    chapters = apps.get_model("books", "Chapter").objects.annotate(newest=models.Subquery(newest))
    chapters.filter(newest__gt=1).update(version=models.F("newest"))


def unpack(apps, schema_editor):
    for version in apps.get_model("books", "ChapterVersion").objects.filter(is_whole=True).iterator(chunk_size=200):
        (text,) = json.loads(zlib.decompress(bytes(version.payload)))
        version.markdown = text.partition("\x00")[0]
        version.save(update_fields=["markdown"])


class Migration(migrations.Migration):
    dependencies = [("books", "0016_collaborators_links_and_pictures")]
    operations = [migrations.RunPython(pack, unpack)]
