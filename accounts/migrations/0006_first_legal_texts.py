"""The first version of the terms of use and the privacy notice, in English and French."""

from datetime import UTC, datetime

from django.db import migrations

IN_FORCE_FROM = datetime(2026, 11, 21, tzinfo=UTC)

TERMS_EN = """\
These terms are between you and the people who run this site (“we”). They describe what the software does and what
each side may expect. The [privacy notice](/legal/privacy/) says what is kept about you.

## 1. What Scriptorium is
Scriptorium helps you plan, write, edit and export books. Parts of a text are proposed by language models. You
decide what becomes of a proposal: nothing is published without an act of yours.

## 2. Your account
- You need an e-mail address that you can read, and a password, a passkey or another way to sign in. One address has
  one account.
- Keep your ways to sign in to yourself. You can see and end your sessions, and add a second factor, on your own
  pages.
- You may close your account at any time. It is then inactive at once and can be brought back for 14 days; after
  that it is erased.
- Access to a closed beta needs an invitation. It is meant for one address and works once.

## 3. Your texts
- What you write, bring in or have written in your books is yours. We claim no right in it beyond what is needed to
  store, show, convert and send it as you ask.
- Answers of language models can be wrong, and can resemble texts of others. Read them before you use them; you
  answer for what you publish.
- Your texts are sent to a language model only to do what you asked for. Which model is used is shown beside the
  work.

## 4. Organizations
Books belong to an organization: your personal one, or one that you share. Its owners and administrators manage
members and settings, and see what was done in it. Whoever is alone in owning an organization hands it over or
closes it before closing their account.

## 5. What is not allowed
Do not use Scriptorium to break the law, to harm people, to get at accounts or texts of others, or to overload the
service. Attempts to sign in, to sign up and to ask for codes are limited in number.

## 6. Credits and limits
Writing by a model costs credits. The price is shown before the work begins, and the work does not cost more without
your consent. Your plan limits members, books and storage; the limits in force are shown in the pages of your
organization.

## 7. Availability
We take care that finished work is kept, and that interrupted work is taken up again. We cannot promise that the
service is always there or free of error. Keep copies of what matters to you: every book can be exported.

## 8. Blocking and ending
We may suspend an account that breaks these terms, and say why. What staff do to an account is written down in a
trail that cannot be changed.

## 9. Changes
A new version of these terms gets a new number and is shown to you at your next sign-in. Older versions stay
readable. If you do not agree, you can take your books with you and close your account.
"""
TERMS_FR = """\
Ces conditions lient vous et les personnes qui exploitent ce site (« nous »). Elles décrivent ce que fait le
logiciel et ce que chacun peut en attendre. La [notice de confidentialité](/legal/privacy/) dit ce qui est conservé
à votre sujet.

## 1. Ce qu’est Scriptorium
Scriptorium vous aide à concevoir, écrire, réviser et exporter des livres. Une partie des textes est proposée par
des modèles de langage. Vous décidez de ce que devient une proposition : rien n’est publié sans un geste de votre
part.

## 2. Votre compte
- Il vous faut une adresse électronique que vous pouvez lire, et un mot de passe, une clé d’accès ou un autre moyen
  de connexion. Une adresse correspond à un compte.
- Gardez vos moyens de connexion pour vous. Vous pouvez voir et fermer vos sessions, et ajouter un second facteur,
  dans vos pages personnelles.
- Vous pouvez fermer votre compte à tout moment. Il est alors aussitôt inactif et peut être rétabli pendant 14
  jours ; il est ensuite effacé.
- L’accès à une bêta fermée demande une invitation. Elle vaut pour une adresse et ne sert qu’une fois.

## 3. Vos textes
- Ce que vous écrivez, importez ou faites écrire dans vos livres est à vous. Nous n’y prenons aucun droit au-delà de
  ce qu’il faut pour le conserver, l’afficher, le convertir et l’envoyer à votre demande.
- Les réponses des modèles de langage peuvent être fausses, ou ressembler à des textes d’autrui. Relisez-les avant
  de vous en servir ; vous répondez de ce que vous publiez.
- Vos textes ne sont envoyés à un modèle de langage que pour faire ce que vous avez demandé. Le modèle employé est
  indiqué à côté du travail.

## 4. Organisations
Les livres appartiennent à une organisation : la vôtre, ou une organisation que vous partagez. Ses propriétaires et
ses administrateurs gèrent les membres et les réglages, et voient ce qui s’y est passé. Qui en est l’unique
propriétaire la transmet ou la ferme avant de fermer son compte.

## 5. Ce qui n’est pas permis
N’utilisez pas Scriptorium pour enfreindre la loi, nuire à autrui, accéder aux comptes ou aux textes d’autres
personnes, ni surcharger le service. Les tentatives de connexion, d’inscription et de demande de code sont limitées
en nombre.

## 6. Crédits et limites
L’écriture par un modèle coûte des crédits. Le prix est affiché avant le début du travail, et celui-ci ne coûte pas
davantage sans votre accord. Votre formule limite les membres, les livres et le stockage ; les limites en vigueur
sont affichées dans les pages de votre organisation.

## 7. Disponibilité
Nous veillons à ce que le travail achevé soit conservé et à ce que le travail interrompu reprenne. Nous ne pouvons
pas promettre que le service soit toujours disponible ni sans défaut. Gardez des copies de ce qui compte pour vous :
tout livre peut être exporté.

## 8. Suspension et fin
Nous pouvons suspendre un compte qui enfreint ces conditions, en disant pourquoi. Ce que l’équipe fait à un compte
est consigné dans un journal que rien ne peut modifier.

## 9. Modifications
Une nouvelle version de ces conditions reçoit un nouveau numéro et vous est montrée à votre prochaine connexion. Les
versions plus anciennes restent lisibles. Si vous n’êtes pas d’accord, vous pouvez emporter vos livres et fermer
votre compte.
"""
PRIVACY_EN = """\
This notice says what Scriptorium keeps about you, why, for how long, and what you can do about it. The people who
run this site are responsible for it.

## 1. What is kept
- **Your account:** e-mail address, name, language, time zone and theme; the password as an Argon2id digest only;
  passkeys and the secret of an authenticator app if you set them up. Whatever else you add to your profile is
  optional; telephone number and postal address are stored encrypted.
- **Your work:** books, sources, chats, files and what you decided about them.
- **Sessions:** where and with which browser you are signed in, so that you can see and end them.
- **The trail:** what was done, when, by whom, from which address and browser. It cannot be changed. What names you
  in it can be erased.
- **Consents:** which version of these texts you agreed to, and when.
- **Mails:** the text of a message is deleted once it has been sent.

## 2. Why
To provide what you asked for (the contract with you), to keep accounts safe and to find misuse (our legitimate
interest), and where the law asks for it (invoices). There is no advertising and no tracking; nothing is sold.

## 3. Who receives it
- The people you share an organization with see your name and what you do there.
- The language models that your organization uses receive the parts of a text that a task needs, not your name or
  address.
- The companies that host this site, deliver its mail and store its files act on our behalf.

## 4. How long
- Your account and your work: until you erase them. A closed account can be brought back for 14 days and is then
  erased.
- A copy of your data that you asked for: 7 days.
- Deleted books: 30 days in the trash.
- Invoices: as long as the law asks. Facts of the trail without what names you: they stay.

## 5. Cookies
One for your session, one against forged forms, one each for language and theme, one for browsers you have signed in
with, and one for a trusted device if you choose so. All are our own, and all serve what you asked for; that is why
no banner asks about them.

## 6. What you can do
You can see and correct your data on your own pages, take a copy of everything, and close your account and have it
erased. If you have no account, you can ask the same through a link to your e-mail address. You may complain to your
data protection authority (in France: the CNIL).

## 7. Safety
Connections are encrypted, personal columns are encrypted in the database, organizations are kept apart by the
database itself, and attempts to guess are limited. No page tells whether an address has an account.

## 8. Changes
A new version gets a new number and is shown to you at your next sign-in. Older versions stay readable.
"""
PRIVACY_FR = """\
Cette notice dit ce que Scriptorium conserve à votre sujet, pourquoi, combien de temps, et ce que vous pouvez y
faire. Les personnes qui exploitent ce site en sont responsables.

## 1. Ce qui est conservé
- **Votre compte :** adresse électronique, nom, langue, fuseau horaire et thème ; le mot de passe sous la seule
  forme d’une empreinte Argon2id ; les clés d’accès et le secret d’une application d’authentification si vous en
  configurez. Tout ce que vous ajoutez d’autre à votre profil est facultatif ; le téléphone et l’adresse postale
  sont enregistrés chiffrés.
- **Votre travail :** livres, sources, conversations, fichiers et ce que vous en avez décidé.
- **Sessions :** d’où et avec quel navigateur vous êtes connecté, pour que vous puissiez les voir et y mettre fin.
- **Le journal :** ce qui a été fait, quand, par qui, depuis quelle adresse et quel navigateur. Il ne peut pas être
  modifié. Ce qui vous y nomme peut être effacé.
- **Consentements :** la version de ces textes que vous avez acceptée, et quand.
- **Courriels :** le texte d’un message est supprimé dès qu’il est parti.

## 2. Pourquoi
Pour fournir ce que vous avez demandé (le contrat qui nous lie), pour protéger les comptes et déceler les abus
(notre intérêt légitime), et lorsque la loi l’exige (factures). Il n’y a ni publicité ni pistage ; rien n’est vendu.

## 3. Qui le reçoit
- Les personnes avec qui vous partagez une organisation voient votre nom et ce que vous y faites.
- Les modèles de langage qu’emploie votre organisation reçoivent les parties d’un texte nécessaires à une tâche, ni
  votre nom ni votre adresse.
- Les entreprises qui hébergent ce site, acheminent ses courriels et stockent ses fichiers agissent pour notre
  compte.

## 4. Combien de temps
- Votre compte et votre travail : jusqu’à ce que vous les effaciez. Un compte fermé peut être rétabli pendant 14
  jours, puis il est effacé.
- Une copie de vos données que vous avez demandée : 7 jours.
- Les livres supprimés : 30 jours dans la corbeille.
- Les factures : aussi longtemps que la loi l’exige. Les faits du journal, sans ce qui vous nomme : ils restent.

## 5. Cookies
Un pour votre session, un contre les formulaires falsifiés, un pour la langue et un pour le thème, un pour les
navigateurs avec lesquels vous vous êtes connecté, et un pour un appareil de confiance si vous le choisissez. Tous
sont les nôtres, et tous servent à ce que vous avez demandé ; c’est pourquoi aucun bandeau ne vous interroge à leur
sujet.

## 6. Ce que vous pouvez faire
Vous pouvez voir et corriger vos données dans vos pages personnelles, prendre une copie de tout, fermer votre compte
et le faire effacer. Si vous n’avez pas de compte, vous pouvez demander la même chose par un lien envoyé à votre
adresse. Vous pouvez saisir votre autorité de protection des données (en France : la CNIL).

## 7. Sécurité
Les connexions sont chiffrées, les colonnes personnelles sont chiffrées dans la base de données, les organisations
sont séparées par la base elle-même, et les tentatives de deviner sont limitées. Aucune page ne dit si une adresse a
un compte.

## 8. Modifications
Une nouvelle version reçoit un nouveau numéro et vous est montrée à votre prochaine connexion. Les versions plus
anciennes restent lisibles.
"""
TEXTS = [
    ("terms", "en", "Terms of use", TERMS_EN),
    ("terms", "fr", "Conditions d’utilisation", TERMS_FR),
    ("privacy", "en", "Privacy notice", PRIVACY_EN),
    ("privacy", "fr", "Notice de confidentialité", PRIVACY_FR),
]


def make(apps, schema_editor):
    """Write the texts; safe to repeat."""
    text = apps.get_model("accounts", "LegalText")
    for kind, language, title, markdown in TEXTS:
        text.objects.get_or_create(
            kind=kind,
            version=1,
            language=language,
            defaults={"title": title, "markdown": markdown, "in_force_from": IN_FORCE_FROM},
        )


def remove(apps, schema_editor):
    """Take them back."""
    apps.get_model("accounts", "LegalText").objects.filter(version=1).delete()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_search_people")]

    operations = [migrations.RunPython(make, remove)]
