"""What every tenant address needs: test_permissions.py walks it with every role, test_book_rights.py with grants."""

from dataclasses import dataclass

from books.models import BookAct

REFUSED, MISSING = 403, 404

# What a member needs, by the registry, to do something with another's book that is not private, without a grant.
# Written out beside books.querysets.rights on purpose; test_book_rights.py walks grants and authors.
NEEDED = dict.fromkeys(BookAct, "books.manage_internal")
NEEDED |= {BookAct.READ: "books.read_internal", BookAct.ASK: "books.read_internal"}
NEEDED |= {BookAct.DECIDE: "corrections.decide"}

DECIDING = {BookAct.COMMENT, BookAct.SUGGEST}  # come with the right to decide, too


@dataclass(frozen=True)
class Rule:
    """What an address needs. `gate`: a codename, 403 without; `row`: those that find the row, 404 without.

    `act`: the page is of a book: 404 for who may not read it, 403 for who may and not do that. `post` is a further
    codename, `post_act` another act, for anything but reading. `own`: the row is its author's alone, 404 for others.
    """

    gate: str = ""
    row: tuple[str, ...] = ()
    post: str = ""
    own: bool = False
    act: BookAct | None = None
    post_act: BookAct | None = None

    def needs(self, *, writing: bool) -> BookAct | None:
        """What the page asks to be allowed of the book."""
        return self.post_act if writing and self.post_act else self.act

    def expected(self, has: frozenset[str], *, writing: bool) -> int | None:
        """REFUSED or MISSING for somebody who is not the author and has these permissions; None: neither."""
        if self.gate and self.gate not in has:
            return REFUSED
        if writing and self.post and self.post not in has:
            return REFUSED
        if act := self.needs(writing=writing):
            if NEEDED[BookAct.READ] not in has:
                return MISSING
            decides = act in DECIDING and NEEDED[BookAct.DECIDE] in has
            if NEEDED[act] not in has and not decides:
                return REFUSED
        return MISSING if self.own or not has.issuperset(self.row) else None

    @property
    def codenames(self) -> set[str]:
        """Every permission it names."""
        of_acts = {NEEDED[act] for act in (self.act, self.post_act) if act}
        read = {NEEDED[BookAct.READ]} if of_acts else set()
        return {self.gate, *self.row, self.post, *of_acts, *read} - {""}


MEMBER = Rule()
READ, SUGGEST = Rule(act=BookAct.READ), Rule(act=BookAct.SUGGEST)
COMMENT, EDIT, ORDER = Rule(act=BookAct.COMMENT), Rule(act=BookAct.EDIT), Rule(act=BookAct.ORDER)
ARRANGE, REVISE = Rule(act=BookAct.ARRANGE), Rule(act=BookAct.REVISE)
COLLABORATE, SHARE, PUBLISH = (Rule(act=act) for act in (BookAct.COLLABORATE, BookAct.SHARE, BookAct.PUBLISH))
REMOVE = Rule(row=("books.read_internal", "books.manage_internal"))
LOG = Rule(row=("books.read_internal", "exports.log"))
OWN = Rule(own=True)
SEE, MANAGE = Rule("members.see"), Rule("members.manage")
SETTINGS = Rule("settings.manage")
BILL, BUY = Rule("billing.see"), Rule("billing.manage")
RULES: dict[str, Rule] = {
    "books:home": MEMBER,
    "books:book_list": MEMBER,
    "books:book_new": Rule("books.create"),
    "books:book_act": MEMBER,  # each book by its own row
    "books:private_titles": Rule("books.list_private"),
    "books:book_copy": Rule("books.create", act=BookAct.READ),
    "books:book_edit": EDIT,
    "books:trash": MEMBER,
    "books:erase": REMOVE,
    "books:book": READ,
    "books:book_write": ORDER,
    "books:read": READ,
    "books:chapter": READ,
    "books:chapters": READ,
    "books:chapter_add": ARRANGE,
    "books:chapter_move": ARRANGE,
    "books:cut_undo": ARRANGE,
    "books:chapters_trash": ARRANGE,
    "books:chapter_edit": ARRANGE,
    "books:chapter_split": ARRANGE,
    "books:chapter_merge": ARRANGE,
    "books:chapter_trash": ARRANGE,
    "books:chapter_return": ARRANGE,
    "books:chapter_erase": ARRANGE,
    "books:replace": EDIT,
    "books:origins": COMMENT,
    "books:origin": COMMENT,
    "books:origin_review": Rule(act=BookAct.DECIDE),
    "books:replace_undo": EDIT,
    "books:assistant": Rule(act=BookAct.EDIT, post_act=BookAct.ORDER),
    "books:versions": COMMENT,
    "books:version": COMMENT,
    "books:versions_compare": COMMENT,
    "books:version_restore": REVISE,
    "books:paragraph_restore": REVISE,
    "books:history": COMMENT,
    "books:revision_keep": REVISE,
    "books:compare": COMMENT,
    "books:revision": COMMENT,
    "books:revision_chapter": COMMENT,
    "books:revision_restore": REVISE,
    "books:revision_chapter_restore": REVISE,
    "books:rewrite": EDIT,
    "books:rewrite_take": EDIT,
    "books:rewrite_discard": EDIT,
    "books:rewrite_again": ORDER,
    "books:review": EDIT,
    "books:comment_list": COMMENT,
    "books:comment": Rule(act=BookAct.READ, post_act=BookAct.COMMENT),
    "books:comment_edit": OWN,
    "books:comment_delete": OWN,
    "books:comment_resolve": COMMENT,  # whose thread it is the action weighs
    "books:chapter_comments": COMMENT,
    "books:marks": COMMENT,
    "books:suggestion_list": SUGGEST,
    "books:suggestion_decide": SUGGEST,  # who decides about others' the view asks besides
    "books:suggestion_undo": SUGGEST,
    "books:chapter_suggestions": SUGGEST,
    "books:suggestion_text": SUGGEST,
    "books:studio": COMMENT,
    "books:preview": COMMENT,
    "books:save": EDIT,
    "books:text": READ,
    "books:people": READ,
    "books:here": READ,
    "books:sources": EDIT,
    "books:pictures": Rule(act=BookAct.COMMENT, post_act=BookAct.EDIT),
    "books:picture": Rule(act=BookAct.COMMENT, post_act=BookAct.EDIT),
    "books:picture_remove": EDIT,
    "books:picture_small": READ,
    "books:picture_large": READ,
    "books:source_remove": EDIT,
    "books:export_request": READ,
    "books:download": READ,
    "books:downloads": LOG,
    "books:downloads_table": LOG,
    "books:place": READ,
    "books:bundles": MEMBER,
    "books:bundle_new": MEMBER,
    "books:bundle": OWN,
    "books:bundle_download": OWN,
    "books:chats": Rule(act=BookAct.READ, post_act=BookAct.ASK),
    "books:chat_title": EDIT,
    "books:chat": OWN,
    "books:chat_rename": OWN,
    "books:chat_delete": OWN,
    "books:chat_stop": OWN,
    "books:chat_retry": OWN,
    "books:chat_resume": OWN,
    "books:collaborators": COLLABORATE,
    "books:collaborator_new": COLLABORATE,
    "books:collaborator": COLLABORATE,
    "books:collaborator_resend": COLLABORATE,
    "books:collaborator_end": COLLABORATE,
    "books:collaborator_leave": READ,
    "books:shares": SHARE,
    "books:share_visibility": Rule(act=BookAct.SHARE),  # the action asks for its author
    "books:share_revoke": SHARE,
    "books:visits": SHARE,
    "books:publishing": PUBLISH,
    "books:take_back": PUBLISH,
    "books:spending": Rule("billing.see", post="billing.manage"),
    "books:receipt": Rule("billing.see_usage", act=BookAct.READ),
    "books:run": READ,
    "books:run_cap": Rule("billing.manage", row=("books.list_private",)),
    "books:outline": ORDER,
    "books:run_pause": ORDER,
    "books:run_resume": ORDER,
    "books:run_cancel": ORDER,
    "books:run_retry": ORDER,
    "tenant:members": SEE,
    "tenant:permissions": SEE,
    "tenant:invitations": SEE,
    "tenant:member": SEE,  # what is changed there the action weighs
    "tenant:invite": MANAGE,
    "tenant:invitation_resend": MANAGE,
    "tenant:invitation_revoke": MANAGE,
    "tenant:member_suspend": MANAGE,
    "tenant:member_restore": MANAGE,
    "tenant:member_remove": MANAGE,
    "tenant:hand_over": Rule("members.hand_over"),
    "tenant:leave": MEMBER,
    "tenant:activity": Rule("audit.read"),
    "tenant:activity_table": Rule("audit.read"),
    "tenant:usage": Rule("billing.see_usage"),
    "tenant:settings": SETTINGS,
    "tenant:looks": SETTINGS,
    "tenant:logo_change": SETTINGS,
    "tenant:close": Rule("settings.close"),
    "tenant:ordinary": Rule("settings.close"),
    "tenant:closed": Rule(post="settings.close"),
    "tenant:brand": MEMBER,
    "tenant:logo": MEMBER,
    "billing:home": BILL,
    "billing:plans": BILL,
    "billing:change": BUY,
    "billing:cancel": BUY,
    "billing:resume": BUY,
    "billing:checkout": BUY,
    "billing:purchase": Rule("billing.see", post="billing.manage"),
    "billing:errand": BUY,
    "billing:credits": BILL,
    "billing:credits_table": BILL,
    "billing:payments": BILL,
    "billing:cards": BILL,
    "billing:card_add": BUY,
    "billing:card_default": BUY,
    "billing:card_remove": BUY,
    "billing:portal": BUY,
    "billing:usage": Rule("billing.see_usage"),
    "run_events": READ,
    "book_events": READ,
    "bundle_events": OWN,
}
