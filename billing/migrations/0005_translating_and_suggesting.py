from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0004_second_tariff"),
    ]

    operations = [
        migrations.AlterField(
            model_name="creditprice",
            name="act",
            field=models.CharField(
                choices=[
                    ("outline", "outline"),
                    ("words", "planned words"),
                    ("rewrite", "rewritten words"),
                    ("translate", "translated words"),
                    ("suggest", "words read for suggestions"),
                    ("idea", "ideas"),
                    ("chat", "answers in the chat"),
                    ("article", "article"),
                    ("image", "image"),
                    ("personalized", "personalized generation"),
                ],
                max_length=20,
                verbose_name="act",
            ),
        ),
    ]
