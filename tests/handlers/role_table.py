"""Which role may do what, in its own place and in another."""

from __future__ import annotations

from storage.schema import audit, claim, grant, help_request, invite, meeting, person, progress

# Nothing in these is anybody's by their role.
FOR_EVERYBODY = {
    "claim",
    "guide",
    "hello",
    "help",
    "join",
    "me",
    "menu",
    "nav",
    "nudge",
    "questions",
    "scam",
    "share",
    "talk",
    "unread",
}
STAFF_OF_OPEN_FILES = {"claim:one", "claim:is", "claim:no", "claim:undo", "menu:tools", "menu:progress", "menu:roster"}

ROLES = ("member", "helper", "coordinator", "secretary", "office", "party", "leader", "admin")
HELPS = {"helper", "coordinator", "office"}
LEADS = {"coordinator", "office"}
APPOINTS = {"coordinator", "office", "admin"}
OFFICE = {"office"}
WIDEST = {"office", "admin"}
SEES = {"helper", "coordinator", "secretary", "office"}
NEIGHBOURS = {"helper", "coordinator"}
TEACHES = {"helper", "coordinator", "secretary"}
SECRETARY = {"secretary"}
NOBODY: set[str] = set()
EVERYBODY = set(ROLES)
STAFF = EVERYBODY - {"member"}

# Action -> who may in their own place (their thôn, their chi bộ), who may in another.
# `{x}` is filled with what `made_in` has made there; `my_` is what the person in front has told.
TABLE: dict[str, tuple[set[str], set[str]]] = {
    "calls:list": (HELPS, HELPS),
    "/viec": (HELPS, HELPS),
    "calls:one:{call}": (HELPS, OFFICE),
    "calls:take:{call}": (HELPS, OFFICE),
    "calls:when:{call}": (NOBODY, NOBODY),  # not theirs: nobody has taken it
    "calls:part:{call}:today": (NOBODY, NOBODY),
    "relay:to_member:{call}": (NOBODY, NOBODY),
    "relay:to_helper": (NOBODY, NOBODY),
    "relay:voice": (NOBODY, NOBODY),
    "calls:busy:{call}": (HELPS, OFFICE),
    "calls:promise:{call}:today": (NOBODY, NOBODY),
    "calls:done:{call}": (NOBODY, NOBODY),
    "calls:give_back:{call}": (NOBODY, NOBODY),
    "invites:start": (APPOINTS, APPOINTS),
    "/giaymoi": (APPOINTS, APPOINTS),
    "invites:which": (APPOINTS, APPOINTS),
    "invites:unit:{unit}": (APPOINTS, WIDEST),
    "invites:sheet:{unit}": (APPOINTS, WIDEST),
    "invites:each:{unit}": (APPOINTS, WIDEST),
    "invites:every": (WIDEST, WIDEST),
    "claim:one:{claim}": (LEADS, OFFICE),
    "claim:is:{claim}:{member}": (LEADS, OFFICE),
    "claim:no:{claim}": (LEADS, OFFICE),
    "claim:undo:{claim}": (LEADS, OFFICE),
    "roles:start": (APPOINTS, APPOINTS),
    "/giaoviec": (APPOINTS, APPOINTS),
    "roles:pick": (APPOINTS, APPOINTS),
    "roles:for:helper": (APPOINTS, APPOINTS),
    "roles:for:coordinator": (WIDEST, WIDEST),
    "roles:for:secretary": (WIDEST, WIDEST),
    "roles:for:leader": (WIDEST, WIDEST),
    "roles:for:office": ({"admin"}, {"admin"}),
    "roles:for:admin": (NOBODY, NOBODY),
    "roles:where:helper": (APPOINTS, APPOINTS),
    "roles:where:secretary": (WIDEST, WIDEST),
    "roles:who:helper:{unit}": (APPOINTS, WIDEST),
    "roles:who:secretary:{cell}": (WIDEST, WIDEST),
    "roles:sure:helper:{unit}:{member}": (APPOINTS, WIDEST),
    "roles:give:helper:{unit}:{member}": (APPOINTS, WIDEST),
    "roles:give:coordinator:{unit}:{member}": (WIDEST, WIDEST),
    "roles:give:secretary:{cell}:{member}": (WIDEST, WIDEST),
    "roles:give:secretary:0:{member}": (NOBODY, NOBODY),
    "roles:give:office:0:{member}": ({"admin"}, {"admin"}),
    "roles:give:admin:0:{member}": (NOBODY, NOBODY),
    "roles:give:nonsense:0:{member}": (NOBODY, NOBODY),
    "roles:held": (APPOINTS, APPOINTS),
    "roles:one:{grant}": (APPOINTS, WIDEST),
    "roles:revoke:{grant}": (APPOINTS, WIDEST),
    "roles:restore:{grant}": (APPOINTS, WIDEST),
    "roles:revoke:{office_grant}": ({"admin"}, {"admin"}),
    "menu:tools": (EVERYBODY, EVERYBODY),
    "menu:tools:2": (EVERYBODY, EVERYBODY),
    "menu:progress": (STAFF, STAFF),
    "menu:roster": (WIDEST, WIDEST),
    "day:today": (SEES, SEES),
    "/homnay": (SEES, SEES),
    "day:more": (SEES, SEES),
    "day:people": (SEES, SEES),
    "day:people:1:{unit}": (SEES, OFFICE),
    "day:person:{member}": (SEES, OFFICE),
    "day:history:{member}": (SEES, OFFICE),
    "exempt:ask:{member}": (SECRETARY, NOBODY),
    "exempt:grant:{member}": (SECRETARY, NOBODY),
    "exempt:lift:{member}": (SECRETARY, NOBODY),
    "exempt:done:{member}": (SECRETARY, NOBODY),
    "conflict:list": (LEADS, LEADS),
    "conflict:one:{member}": (LEADS, OFFICE),
    "conflict:ask:{member}:{event}": (LEADS, OFFICE),
    "conflict:keep:{member}:{event}": (LEADS, OFFICE),
    "conflict:visit:{member}": (LEADS, OFFICE),
    "confirm:yes:{event}": (NOBODY, NOBODY),  # the member's own word, whoever else is in front
    "confirm:no:{event}": (NOBODY, NOBODY),
    "report:how:p{member}:1": (HELPS, OFFICE),
    "report:why:p{member}:1": (HELPS, OFFICE),
    "report:how:r0:1": (HELPS, HELPS),
    "report:set:{member}:logged_in": (HELPS, OFFICE),
    "report:saved:{event}": (HELPS, OFFICE),
    "report:yesterday:{event}": (LEADS, OFFICE),
    "report:yesterday:{my_event}": (HELPS, OFFICE),
    "report:one:{event}": (SEES, OFFICE),
    "report:undo:{event}": (LEADS, OFFICE),
    "report:undo:{my_event}": (SEES, OFFICE),  # a secretary's own is from a meeting
    "report:restore:{undone}": (NOBODY, NOBODY),  # somebody else took it back
    "report:restore:{my_undone}": (SEES, OFFICE),
    "report:mine": (HELPS, HELPS),
    "report:together:{event}": (NOBODY, NOBODY),  # somebody else's
    "report:together:{my_event}": (HELPS, OFFICE),
    "report:undo_all:{event}": (NOBODY, NOBODY),
    "report:undo_all:{my_event}": (HELPS, OFFICE),
    "sentence:who:0": (HELPS, HELPS),  # the rows are one's own; nobody out of one's scope gets into them
    "sentence:who_else:0": (HELPS, HELPS),
    "sentence:is:0:{member}": (HELPS, OFFICE),
    "sentence:open:0": (HELPS, HELPS),
    "sentence:what:0": (HELPS, HELPS),
    "sentence:set:0:installed": (HELPS, HELPS),
    "sentence:rows": (HELPS, HELPS),
    "sentence:fix": (HELPS, HELPS),
    "sentence:row:0": (HELPS, HELPS),
    "sentence:drop:0": (HELPS, HELPS),
    "sentence:drop_all": (HELPS, HELPS),
    "sentence:save": (HELPS, OFFICE),
    "sentence:saved:{event}": (NOBODY, NOBODY),
    "sentence:saved:{my_event}": (HELPS, OFFICE),
    "meeting:where": (TEACHES, TEACHES),
    "meeting:lessons:u{unit}:1": (NEIGHBOURS, NOBODY),
    "meeting:lessons:c{cell}:1": (SECRETARY, NOBODY),
    "meeting:open:u{unit}:android": (NEIGHBOURS, NOBODY),
    "meeting:open:c{cell}:kiem-tra": (SECRETARY, NOBODY),
    "meeting:again:{meeting}": (SECRETARY, NOBODY),
    "meeting:anew:{meeting}": (SECRETARY, NOBODY),
    "meeting:step:{meeting}:AND-1": (SECRETARY, NOBODY),
    "meeting:onwards:{meeting}:AND-1": (SECRETARY, NOBODY),
    "meeting:stuck:{meeting}:1": (SECRETARY, NOBODY),
    "meeting:back_in:{meeting}:1": (SECRETARY, NOBODY),
    "meeting:tick:{meeting}:{member}": (SECRETARY, NOBODY),
    "meeting:tick:{of_unit}:{member}": (NEIGHBOURS, NOBODY),
    "meeting:end:{meeting}": (SECRETARY, NOBODY),
    "meeting:save:{meeting}": (SECRETARY, NOBODY),
    "meeting:save:{of_unit}": (NEIGHBOURS, NOBODY),
    "meeting:pause:{meeting}": (SECRETARY, NOBODY),
    "together:begin:{member}": (HELPS, OFFICE),
    "together:switch:{member}": (HELPS, OFFICE),
    "together:instead:{member}": (HELPS, OFFICE),
    "together:lessons:{member}": (HELPS, OFFICE),
    "together:start:{member}:android": (HELPS, OFFICE),
    "together:go_on:{member}": (HELPS, OFFICE),
    "together:step:{member}:android:AND-1": (HELPS, OFFICE),
    "together:stuck:{member}:android:AND-2:1": (HELPS, OFFICE),
    "together:not_yet:{member}:android:AND-2": (HELPS, OFFICE),
    "together:done:{member}:android:AND-1": (HELPS, OFFICE),
    "together:done:{member}:android:AND-7": (HELPS, OFFICE),
    "together:finish:{member}": (HELPS, OFFICE),
}
NO = (
    "calls.not_for_you",
    "calls.not_yours",
    "invites.not_for_you",
    "claim.not_for_you",
    "roles.not_for_you",
    "relay.over",
    "day.not_for_you",
    "day.not_yours",
    "exempt.not_yours",
    "confirm.not_yours",
    "report.too_late",
    "sentence.nothing_ready",
    "menu.no_numbers",
)
# What a refusal must leave alone. Not even a look is noted in the audit of somebody who saw nothing.
CHANGED = (grant, invite, help_request, claim, progress, person, meeting, audit)
