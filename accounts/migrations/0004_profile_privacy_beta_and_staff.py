import core.fields
import core.ids
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_keyboard_shortcuts'),
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='BetaInvite',
            fields=[
                ('id', models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated')),
                ('code', models.CharField(max_length=16, unique=True, verbose_name='code')),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail')),
                ('language', models.CharField(default='en', max_length=2, verbose_name='language')),
                ('mailed_at', models.DateTimeField(blank=True, null=True, verbose_name='mailed')),
                ('used_at', models.DateTimeField(blank=True, null=True, verbose_name='used')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='revoked')),
            ],
            options={
                'verbose_name': 'beta invite',
                'verbose_name_plural': 'beta invites',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Closing',
            fields=[
                ('id', models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated')),
                ('email', core.fields.EncryptedTextField(blank=True, verbose_name='e-mail')),
                ('token_digest', models.CharField(blank=True, max_length=64, verbose_name='digest of the link')),
                ('erase_at', models.DateTimeField(verbose_name='to be erased')),
                ('undone_at', models.DateTimeField(blank=True, null=True, verbose_name='undone')),
                ('erased_at', models.DateTimeField(blank=True, null=True, verbose_name='erased')),
            ],
            options={
                'verbose_name': 'closed account',
                'verbose_name_plural': 'closed accounts',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated')),
                ('kind', models.CharField(choices=[('terms', 'terms of use'), ('privacy', 'privacy notice')], max_length=10, verbose_name='text')),
                ('version', models.PositiveSmallIntegerField(verbose_name='version')),
                ('language', models.CharField(max_length=2, verbose_name='language')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn')),
            ],
            options={
                'verbose_name': 'consent',
                'verbose_name_plural': 'consents',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='DataRequest',
            fields=[
                ('id', models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated')),
                ('kind', models.CharField(choices=[('export', 'copy of the data'), ('erase', 'erasure')], max_length=6, verbose_name='wish')),
                ('email', core.fields.EncryptedTextField(blank=True, verbose_name='e-mail')),
                ('email_digest', models.CharField(blank=True, max_length=64, verbose_name='digest of the e-mail')),
                ('language', models.CharField(default='en', max_length=2, verbose_name='language')),
                ('state', models.CharField(choices=[('unconfirmed', 'waiting for the address to confirm'), ('waiting', 'waiting'), ('ready', 'ready'), ('done', 'done'), ('failed', 'failed'), ('expired', 'expired')], default='waiting', max_length=11, verbose_name='state')),
                ('token_digest', models.CharField(blank=True, max_length=64, verbose_name='digest of the link')),
                ('file', models.CharField(blank=True, max_length=200, verbose_name='file')),
                ('file_size', models.PositiveBigIntegerField(default=0, verbose_name='size')),
                ('sha256', models.CharField(blank=True, max_length=64, verbose_name='SHA-256')),
                ('error', models.CharField(blank=True, max_length=300, verbose_name='error')),
                ('expires_at', models.DateTimeField(blank=True, null=True, verbose_name='expires')),
                ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='finished')),
            ],
            options={
                'verbose_name': 'data request',
                'verbose_name_plural': 'data requests',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='ErasureCertificate',
            fields=[
                ('id', models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated')),
                ('subject_id', models.UUIDField(verbose_name='subject')),
                ('erased', models.JSONField(default=list, verbose_name='erased')),
                ('kept', models.JSONField(default=list, verbose_name='kept')),
            ],
            options={
                'verbose_name': 'certificate of erasure',
                'verbose_name_plural': 'certificates of erasure',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Impersonation',
            fields=[
                ('id', models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated')),
                ('reason', models.CharField(max_length=300, verbose_name='reason')),
                ('ends_at', models.DateTimeField(verbose_name='ends')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended')),
            ],
            options={
                'verbose_name': 'acting as a person',
                'verbose_name_plural': 'acting as a person',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='LegalText',
            fields=[
                ('id', models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated')),
                ('kind', models.CharField(choices=[('terms', 'terms of use'), ('privacy', 'privacy notice')], max_length=10, verbose_name='text')),
                ('version', models.PositiveSmallIntegerField(verbose_name='version')),
                ('language', models.CharField(max_length=2, verbose_name='language')),
                ('title', models.CharField(max_length=100, verbose_name='title')),
                ('markdown', models.TextField(verbose_name='text')),
                ('in_force_from', models.DateTimeField(verbose_name='in force from')),
            ],
            options={
                'verbose_name': 'legal text',
                'verbose_name_plural': 'legal texts',
                'ordering': ['kind', '-version', 'language'],
            },
        ),
        migrations.AddField(
            model_name='user',
            name='avatar',
            field=models.CharField(blank=True, max_length=100, verbose_name='picture'),
        ),
        migrations.AddField(
            model_name='user',
            name='bio',
            field=models.CharField(blank=True, max_length=500, verbose_name='about me'),
        ),
        migrations.AddField(
            model_name='user',
            name='closed_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='closed'),
        ),
        migrations.AddField(
            model_name='user',
            name='company',
            field=models.CharField(blank=True, max_length=100, verbose_name='company'),
        ),
        migrations.AddField(
            model_name='user',
            name='erased_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='erased'),
        ),
        migrations.AddField(
            model_name='user',
            name='job_title',
            field=models.CharField(blank=True, max_length=100, verbose_name='job title'),
        ),
        migrations.AddField(
            model_name='user',
            name='mails_about_limits',
            field=models.BooleanField(default=True, verbose_name='e-mail me when a limit comes near'),
        ),
        migrations.AddField(
            model_name='user',
            name='mails_about_members',
            field=models.BooleanField(default=True, verbose_name="e-mail me about my organizations' members"),
        ),
        migrations.AddField(
            model_name='user',
            name='phone',
            field=core.fields.EncryptedTextField(blank=True, verbose_name='phone'),
        ),
        migrations.AddField(
            model_name='user',
            name='postal_address',
            field=core.fields.EncryptedJSONField(blank=True, default=dict, verbose_name='postal address'),
        ),
        migrations.AddField(
            model_name='user',
            name='website',
            field=models.CharField(blank=True, max_length=200, validators=[django.core.validators.URLValidator(['http', 'https'])], verbose_name='website'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('closed_at__isnull', True), ('is_active', False), _connector='OR'), name='person_closed_inactive'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('erased_at__isnull', True), ('closed_at__isnull', False), _connector='OR'), name='person_erased_after_closing'),
        ),
        migrations.AddField(
            model_name='betainvite',
            name='invited_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='invited by'),
        ),
        migrations.AddField(
            model_name='betainvite',
            name='used_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='used by'),
        ),
        migrations.AddField(
            model_name='closing',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='closings', to=settings.AUTH_USER_MODEL, verbose_name='person'),
        ),
        migrations.AddField(
            model_name='consent',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='consents', to=settings.AUTH_USER_MODEL, verbose_name='person'),
        ),
        migrations.AddField(
            model_name='datarequest',
            name='person',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='data_requests', to=settings.AUTH_USER_MODEL, verbose_name='person'),
        ),
        migrations.AddIndex(
            model_name='erasurecertificate',
            index=models.Index(fields=['subject_id'], name='certificate_subject'),
        ),
        migrations.AddField(
            model_name='impersonation',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person'),
        ),
        migrations.AddField(
            model_name='impersonation',
            name='staff',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='staff'),
        ),
        migrations.AddConstraint(
            model_name='legaltext',
            constraint=models.UniqueConstraint(fields=('kind', 'version', 'language'), name='legal_text_once'),
        ),
        migrations.AddConstraint(
            model_name='legaltext',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['terms', 'privacy'])), name='legal_text_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='betainvite',
            constraint=models.CheckConstraint(condition=models.Q(('code__regex', '^[0-9A-F]{16}$')), name='beta_invite_code_shape'),
        ),
        migrations.AddConstraint(
            model_name='betainvite',
            constraint=models.CheckConstraint(condition=models.Q(('email', django.db.models.functions.text.Lower('email'))), name='beta_invite_email_lower'),
        ),
        migrations.AddConstraint(
            model_name='betainvite',
            constraint=models.UniqueConstraint(condition=models.Q(('revoked_at__isnull', True), ('used_at__isnull', True)), fields=('email',), name='beta_invite_one_open'),
        ),
        migrations.AddConstraint(
            model_name='betainvite',
            constraint=models.CheckConstraint(condition=models.Q(('used_at__isnull', True), ('revoked_at__isnull', True), _connector='OR'), name='beta_invite_used_or_revoked'),
        ),
        migrations.AddIndex(
            model_name='closing',
            index=models.Index(condition=models.Q(('erased_at__isnull', True), ('undone_at__isnull', True)), fields=['erase_at'], name='closing_due'),
        ),
        migrations.AddConstraint(
            model_name='closing',
            constraint=models.UniqueConstraint(condition=models.Q(('erased_at__isnull', True), ('undone_at__isnull', True)), fields=('person',), name='closing_one_open'),
        ),
        migrations.AddConstraint(
            model_name='closing',
            constraint=models.CheckConstraint(condition=models.Q(('undone_at__isnull', True), ('erased_at__isnull', True), _connector='OR'), name='closing_undone_or_erased'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.UniqueConstraint(condition=models.Q(('withdrawn_at__isnull', True)), fields=('person', 'kind', 'version'), name='consent_once'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['terms', 'privacy'])), name='consent_kind_known'),
        ),
        migrations.AddIndex(
            model_name='datarequest',
            index=models.Index(fields=['person', '-id'], name='data_request_person'),
        ),
        migrations.AddIndex(
            model_name='datarequest',
            index=models.Index(fields=['email_digest', '-id'], name='data_request_email'),
        ),
        migrations.AddIndex(
            model_name='datarequest',
            index=models.Index(condition=models.Q(('expires_at__isnull', False)), fields=['expires_at'], name='data_request_expiry'),
        ),
        migrations.AddConstraint(
            model_name='datarequest',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['export', 'erase'])), name='data_request_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='datarequest',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['unconfirmed', 'waiting', 'ready', 'done', 'failed', 'expired'])), name='data_request_state_known'),
        ),
        migrations.AddConstraint(
            model_name='datarequest',
            constraint=models.UniqueConstraint(condition=models.Q(('token_digest', ''), _negated=True), fields=('token_digest',), name='data_request_link_once'),
        ),
        migrations.AddConstraint(
            model_name='datarequest',
            constraint=models.UniqueConstraint(condition=models.Q(('person__isnull', False), ('state', 'waiting')), fields=('person', 'kind'), name='data_request_one_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='impersonation',
            constraint=models.CheckConstraint(condition=models.Q(('staff', models.F('person')), _negated=True), name='impersonation_of_another'),
        ),
        migrations.AddConstraint(
            model_name='impersonation',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='impersonation_reason_given'),
        ),
        migrations.AddConstraint(
            model_name='impersonation',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('staff',), name='impersonation_one_at_a_time'),
        ),
    ]
