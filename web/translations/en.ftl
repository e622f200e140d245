product = Muster

## Every page

base-skip = Skip to content
base-prefs = Display and language
base-elder = Large type
base-standard = Standard
base-letter = A
base-size = Body text { $px } px
base-nav = Work pages
base-logout = Sign out
base-login = Staff sign-in
base-track = Track a report
base-open = Open figures
base-foot = Muster · one matter, one code, one answer
base-foot-nav = Footer
base-optional = (optional)
base-done = Done
base-not-done = Not done
base-problems = { $n ->
    [one] One thing needs changing
   *[other] { $n } things need changing
}
base-error-prefix = Needs changing:{ " " }
base-all = All
base-choose = Choose one
base-apply = Show
base-next-page = Next →
base-first-page = ← Back to the start
base-yes = Yes
base-no = No

## Fields

field-text = What happened
field-text-hint = In your own words. What is it, since when, and who is affected?
field-area = Which area
field-area-none = Choose a street office or community
field-area-search = Type the name of the street office or community, then pick it from the list.
field-place = Exact place
field-place-hint = For example: in front of 12 Garden Road, or the lift of building 3.
field-name = What should we call you
field-name-hint = A full name or “Ms Wang” will do.
field-phone = Phone
field-phone-hint = Only used to tell you the result and to ask how it went.
field-behalf = On behalf of
field-behalf-hint = If you speak for a relative or neighbour, for example: my mother.
field-secret = Secret
field-code = Code

## Home and reporting

home-page = Report a matter
home-title = Something wrong? Tell us
home-lead = A dead street lamp, a blocked stairway, a missing payment: say it here. No account, two minutes.
home-doors = Other ways in
home-track = Track a report
home-track-hint = See how far it is with your code and secret
home-open = Open figures
home-open-hint = How much was handled, and how much on time
home-next-title = What happens next
home-next-1 = You get a code and a promised time at once.
home-next-2 = The unit in charge accepts, works and answers.
home-next-3 = Whether it is solved is for you to say.
home-danger = If someone is hurt, there is a fire, or danger right now, call 110, 119 or 120 first.
report-next = Continue
report-no-account = Three steps, no account
report-back = Back
report-step = Step { $n } of 3
report-to-check = Continue to check
contact-page = How to reach you
contact-title = How can we reach you?
contact-lead = All of this is optional. Without a phone number we still act; use your code to see the result.
contact-who-sees = Who can see your name and phone: only call takers and those who call back. The unit that handles it does not, unless it states a reason, and every look is recorded.
check-page = Check and send
check-title = Check, then send
check-lead = Something wrong? Choose “Change”. Nothing you typed is lost.
check-what = What happened
check-where = Where
check-who = Contact
check-change = Change
check-nameless = No name or phone given
check-behalf = On behalf of { $who }
check-send = Send
similar-title = Someone nearby told us something alike. Is it the same?
similar-hint = If it is, you will get the same answer. If you are not sure, choose “No”.
similar-none = No, this is something else
similar-shared = You both say:
similar-nothing = Nothing alike is open nearby.
done-page = Received
done-tag = Received
done-title = We have it. Thank you
done-parted = The case you chose has just been answered, so this one was taken by itself.
done-joined = We have it, joined to the same matter already in hand
done-lead = Please note the code and the secret, or take a photo of this page. The secret is shown only here.
done-slip = Receipt
done-code = Code
done-secret = Secret
done-secret-hint = Needed to read the text, rate the answer and reopen. Do not share it.
done-copy = Copy code
done-copied = Copied
done-unit = Answered by
done-unit-open = A person is confirming which unit is in charge
done-due = Promised by
done-why = Why
done-track = See progress
done-print = Print
done-another = Report something else

## Operator desk

desk-page = Operator desk
desk-title = Operator desk
desk-taken = Code just registered
desk-read-aloud = Read it to them; it is not shown again after you leave this page.
desk-text-hint = Use their own words where you can.
desk-channel = Came by
desk-alike = Is it one we have?
desk-send = Register
desk-caller = Caller
desk-name = Name
desk-lookup = Look up earlier reports
desk-earlier = { $n ->
    [one] One earlier report
   *[other] { $n } earlier reports
}
desk-earlier-none = This number has no earlier reports.

## Service station

desk-decide = Decide class and unit now
station-title = Service station
station-caller = Visitor
station-switch = Calls or service station
station-print = Print the slip
station-speak = Read it aloud
station-speak-back = Read back what is written
station-stop = Stop
station-spoken = Your code is { $code }. Your secret is { $secret }.
station-spoken-unit = { $unit } will answer.
station-spoken-due = Promised by { $due }.
station-class = Matter
station-scan = Scan to see progress
station-secret = The secret opens what you told us; keep it to yourself.
station-phone = Questions? Call 12345

## Grid workers

nav-grid = Report
grid-page = Report
grid-title = Say what you see
grid-lead = What and where is enough. Your way is not recorded, and no photo is asked for.
grid-text = What is it
grid-text-hint = In your own words; a sentence or two will do.
grid-phone = A resident's phone
grid-phone-hint = Only if they want to hear of the result.
grid-send = Send
grid-secret-hint = Tell it to a resident who wants to follow the case; it is not shown again after you leave this page.
grid-online = The network is back.
grid-offline = No network. Go on writing: it stays on this phone and is sent once you are connected.
grid-sending = Sending…
grid-later = The server cannot take it just now. All of it is on this phone and will be sent again soon.
grid-sent-one = Sent. Code { $code }
grid-refused-one = One was not taken; the reason stands below it.
grid-sent-before = This one had arrived before, only its receipt was lost; you find its code under "Cases". If it is another matter now, send it once more; if not, remove it.
grid-sign-in = Your session has ended. What you wrote is on this phone and is sent once you sign in.
grid-stranger = Somebody else is signed in on this phone. What you wrote is still here and is sent once you sign in yourself.
grid-reload = Open this page again
grid-waiting = { $n } waiting
grid-others = { $n } more on this phone, written by somebody else, to be sent once they sign in themselves.
grid-sent = Sent
grid-clear = Clear this list
grid-ready = This page opens without a network, too.
grid-tag-waiting = Waiting
grid-tag-aside = Put aside
grid-tag-refused = Needs a change
grid-edit = Open and change
grid-remove = Remove
grid-remove-sure = Press again to remove
keep-note = What you write is kept on this device

## Tracking

base-pages = Pages
field-code-hint = The letters and digits on your receipt. Case and spaces do not matter.
field-secret-hint = Printed beside the code on your receipt.
track-page = Track a report
track-title = Track a report
track-lead = Enter the code and the secret from your receipt.
track-look = Look
track-lost = No receipt? Call 12345 and give the phone number you left; the operator can look it up.
track-progress = Progress
track-not-yet = Not yet
track-next = Next
track-answer = Answer from { $unit }
track-history = History
track-said = What you told us
track-received = Received
track-more = To read the text and the answer, enter the secret
track-open = Open
rate-title = How did it go?
rate-resolved = Is the matter solved?
rate-yes = Solved
rate-partly = Partly
rate-no = Not solved
rate-satisfied = Are you satisfied with how it was handled?
rate-5 = Very satisfied
rate-4 = Satisfied
rate-3 = Neither
rate-2 = Dissatisfied
rate-1 = Very dissatisfied
rate-comment = Anything else
rate-send = Send
reopen-title = Did it come back, or was it not done?
reopen-reason = What is the situation now
reopen-hint = It goes on under the same code; you need not tell it again.
reopen-send = Ask to reopen
part-title = Is this not what you reported?
part-hint = Your report was handled together with one like it. If they are two matters, they can be parted: yours gets a new code, the promised time counts from when you first reported, and your secret stays the same.
part-send = Handle mine apart
track-parted = Handled apart from now on. The new code is { $code }; the secret stays the same.

## Work pages

nav-inbox = Cases
nav-triage = Triage
nav-desk = Desk
nav-hotspots = Hot spots
nav-dashboard = Dashboard
nav-admin = Accounts
nav-audit = Audit

inbox-page = Cases
inbox-title = Cases
inbox-live = The list updates by itself
inbox-lost = Connection lost, trying again
inbox-refresh = Refresh the list
inbox-tabs = Groups of cases
inbox-filters = Filter cases
inbox-area = Area
inbox-unit = Unit
inbox-state = State
inbox-q = Text or code
inbox-total = { $n ->
    [0] No cases
    [one] One case
   *[other] { $n } cases, most pressing first
}
inbox-total-more = More than { $n } cases, most pressing first
inbox-class = Class
inbox-gone = What this filter names no longer exists ({ $what }), so no case is listed. Choose again.
inbox-chosen = With the chosen cases
inbox-choose = Choose: { $title }
inbox-choose-all = Whole page
inbox-chosen-count = { $n } chosen
inbox-keys = Use keys j, k, x, a, /
bulk-page = Several cases at once
bulk-accept = Accept
bulk-assign = Assign to another unit
bulk-note = Write a note
bulk-lead = { $n ->
    [one] One case.
   *[other] { $n } cases, each on its own: what is refused of one does not hold up the others.
}
bulk-do = { $act }
bulk-chosen = The chosen cases
bulk-became = What became of each
bulk-done = Done
bulk-failed = Not done
bulk-all-done = { $n ->
    [one] The one case is done.
   *[other] All { $n } cases are done.
}
bulk-some-done = Done: { $n }. Not done: { $failed }; the reasons stand below.
bulk-retry-title = { $n ->
    [one] The one that was not done
   *[other] The { $n } that were not done
}
bulk-retry-hint = Look at the reasons, then try again; what you wrote is kept.
bulk-retry = Try these again
bulk-foreign = There is no such case, or it is not yours to work on
bulk-not-now = Not possible at the moment; try again later
saved-page = Saved views
saved-title = Saved views
saved-lead = Keep the filter of the list under a name and come back with one press. You can keep up to { $n }.
saved-nav = Saved views
saved-save = Save this filter
saved-name = Name
saved-name-hint = Up to 30 characters, such as “Late in Binhu”
saved-keep = Save
saved-manage = Manage saved views
saved-empty = Nothing saved yet
saved-empty-hint = Choose a filter in the list of cases and press “Save this filter”.
saved-change = Rename, share, remove
saved-rename = Rename
saved-remove = Remove
saved-share = Shared with
saved-share-none = Nobody else
saved-share-do = Apply
saved-with = Everybody who works in { $area } sees it too
saved-by = Shared by { $who }
saved-broken-short = no longer valid
saved-gone = What it names no longer exists ({ $what }), so it opens empty. Remove it and save it anew.
saved-new = The filter to keep
saved-words = “{ $q }”
saved-back = Back to the cases
inbox-reports = { $n } people reported
inbox-empty = No cases here
inbox-empty-hint = Try another group or widen the filter.

triage-page = Triage
triage-title = Triage
triage-keys = Use keys 1, 2, 3
triage-which = Which class is it?
triage-percent = , about { $p }%
triage-unit = Goes to { $unit }
triage-no-unit = The duty list names no unit; choose one below
triage-words = Because of:
triage-other = Neither: choose another class (key 3)
triage-category = Class
triage-lead = Lead unit
triage-by-list = As the duty list says
triage-send = Decide and dispatch
triage-complex = Complex matter: the unit has longer to object
triage-refuse = Refuse
triage-reason = Reason
triage-reason-hint = The resident will see this reason.
triage-note = Note to the resident
triage-note-hint = Say why, and who could help instead.
triage-refuse-send = Refuse and tell the resident
triage-empty = Nothing waits for triage
triage-empty-hint = New reports will appear here.
triage-queue = { $n ->
    [one] One waiting
   *[other] { $n } waiting
}
triage-queue-empty = Nothing else.

case-page = Case
case-internal = Internal
case-said = What was said
case-accept-title = Accept
case-accept-hint = Accepting means your unit handles it. The clock runs from dispatch, not from acceptance.
case-accept = Accept
case-answer-title = Answer the resident
case-outcome = Outcome
case-outcome-hint = The resident reads it, and says whether it is so.
case-answer-text = Answer
case-answer-hint = The resident reads it as written: what was done, the result, what still takes time.
case-evidence = Evidence
case-needs-evidence = { " " }(needs evidence)
case-evidence-hint = Photo numbers, site records, document numbers. Internal only.
case-answer = Send answer
case-answer-check = Check it first
case-answer-nothing-missing = Nothing seems to be missing.
case-answer-hints = You can send it as it is. It might help to look at:
hotspots-page = Hot spots
hotspots-title = Hot spots
hotspots-rule = What at least { $n } people have begun to say within { $d } days, and few said before.
hotspots-empty = Nothing is rising
hotspots-empty-hint = A warning appears here when many people begin to report one thing. The platform looks every ten minutes.
hotspots-said = { $n } people
hotspots-reports = { $n } reports
hotspots-since = seen since
hotspots-trend = Reports a day, last 28 days
hotspots-where = Reports by community in { $street }
hotspots-more = and { $n } more
hotspots-decide = Decide
hotspots-unit = Unit that takes it up
hotspots-unit-hint = It gets all open cases of this hot spot, and answers them as one matter.
hotspots-reason-hint = Read by the units that get or lose a case.
hotspots-take = Take it up
hotspots-dismiss = Not a common matter
hotspot-new = new
hotspot-taken = taken up
hotspot-dismissed = dismissed
hint-off-matter = The answer uses few of the words of the report. Is it about this matter?
hint-short = It is short. Say what was done and what came of it.
hint-passed-on = It says that the matter was passed on or noted. The resident wants to know what was done.
hint-no-basis = It does not say on what it rests: a finding, a rule, a document.
hint-no-date = It names no day. When was it done, or when will it be?
hint-no-contact = It names nobody to ask. A phone number or a window helps.
case-dispute-title = Not your unit's? Ask to reassign
case-dispute-hint = A person rules on it; the clock keeps running, and a ruled case cannot be returned again.
case-reason = Reason
case-dispute-note = Explanation
case-dispute-note-hint = Who should handle it, and on what basis.
case-dispute = Ask to reassign
case-told = { $n ->
    [one] { $n } report
   *[other] { $n } reports
}
case-call = This looks like a matter for { $number }
case-groups = Concerns
case-places = Places named
language-latin = Not written in Chinese
language-other = Written in another script
case-told-first = First
case-knows-open = Does not know the outcome yet
case-knows-seen = Knows the outcome
case-tell = Told by phone or in person
case-part-title = Another matter
case-part-hint = This report gets a case of its own and is sent where it was judged to belong; the promise to the reporter counts from when it was first received, and the secret stays valid.
case-part = Open a case for it
case-assign-title = Assign to another unit
case-assign-hint = Goes into the history.
case-assign = Assign
case-beside = Time limits, judgement and reporter
case-how = How it was computed
case-judgement = Judgement
case-reporter = Reporter
case-revealed = Shown; this look is on the record.
case-reveal-title = See name and phone
case-reveal-reason = Why do you need to see them
case-reveal-hint = Goes into the audit record, which the reporter may ask for.
case-reveal = Show
case-on-behalf = Reported for someone else
case-by-person = Decided by a person
case-by-model = model { $model }
case-claim = Outcome: { "" }
case-shown-by = Evidence: { "" }

kept-page = Go on
kept-title = Signed in. What you wrote is here
kept-lead = Read it once more, then send it.
kept-resend = Send again
kept-copy = What you wrote is above, so you can copy it.
notice-rate-limited = Too many tries. Try again in { $n } seconds; what you wrote is kept.
notice-sent-before = This report was sent a moment ago; its code is on the receipt before. If you are telling us something else, send once more.
notice-allowed = Not possible in the present state. Possible now: { $acts }.
notice-nothing-allowed = Not possible in the present state.
notice-and = {", "}
around-on-it = { $who } has this case open too, since
around-row = { $who } is on it
around-changed = This case has just changed. What you wrote is still here; look at the latest in a new window first.
sheet-print = Print
sheet-scan = Scan the code or type the address to follow the case
sheet-printed = Printed { $at }
sheet-printed-by = Printed by { $who }, { $at }
aside-objection = The unit says it is not its duty; it is being decided whose it is, since
aside-reopened = { $n ->
    [one] Asked for again by the resident,
   *[other] Asked for again by the resident ({ $n } times), last
}
aside-extended = Granted more time: { $time }
aside-parked = Parked: { $ground }. It is looked at again on
aside-supervised = Under supervision: { $ground }, since
next-promise = The time promised to the resident for an answer.
next-dispatch = By then somebody names the unit in charge.
next-accept = By then the unit accepts the case.
next-answer = By then the unit answers the resident.
next-callback = Until then the resident can rate it; without their word it closes as answered, not confirmed.
next-feedback_first = By then the resident hears for the first time how it goes.
next-feedback_next = By then the resident hears again how it goes.
next-rule = By then it is decided whose duty it is.
next-supervise = By then the unit reports on the supervision.
conflict-page = Changed meanwhile
conflict-title = Somebody updated this case while you were typing
conflict-lead = What you typed is below. Look at the change, then send it if it still fits.
conflict-gone = This step is not possible in the new state. What you typed is below, so you can keep it.
conflict-since = What changed
conflict-typed = What you typed
conflict-resend = Send what I typed
conflict-look = See the case as it is now

## States and codes

state-received = Received
state-triage = In triage
state-assigned = Assigned
state-accepted = Accepted
state-working = In progress
state-answered = Answered
state-closed = Closed
state-refused = Refused
state-parked = Parked
state-reopened = Reopened
outcome-fixed = Fixed
outcome-partly = Partly fixed
outcome-explained = Explained
outcome-not_fixed = Not fixed
outcome-out_of_scope = Out of scope
role-resident = Resident
role-volunteer = Volunteer
role-operator = Operator
role-grid_worker = Grid worker
role-unit_handler = Unit handler
role-coordinator = Coordinator
role-leader = Leader
role-evaluator = Evaluator
role-system_admin = System administrator
role-security_admin = Security administrator
role-audit_admin = Audit administrator
channel-web = Web
channel-hotline = Hotline
channel-wechat = WeChat
channel-visit = Visit
channel-letter = Letter
channel-grid = Grid worker
channel-api = API
channel-open311 = Open311
channel-import = Import
urgency-routine = Routine
urgency-soon = Soon
urgency-urgent = Urgent
urgency-life_safety = Danger to life
chance-likely = Likely
chance-perhaps = Perhaps
chance-unlikely = Unlikely
refuse-not_a_request = No request in it
refuse-duplicate = Repeats a matter already settled
refuse-other_channel = Belongs to another channel
refuse-no_place = The place cannot be found
refuse-abuse = Abuse or advertising
refuse-legal_process = In court, arbitration or review
dispute-not_our_duty = Not this unit's duty
dispute-wrong_area = Outside our area
dispute-wrong_class = Wrong class
dispute-needs_lead = Several units; a lead must be named
dispute-no_authority = No power to enforce or approve
tab-mine = Under way
tab-waiting = To accept
tab-late = Late
tab-soon = Due soon
tab-answered = To call back
tab-all = All
step-created = Received
step-joined = Joined to the same matter
step-parted = One report is handled apart
step-judged = Judged automatically
step-corrected = Corrected by a person
step-assigned = Assigned
step-accepted = Accepted
step-answered = Answered
step-disputed = Asked to reassign
step-ruled = Ruled
step-refused = Refused
step-reopened = Reopened
step-part_added = Work given out in parts
step-part_done = A part is done
step-part_cancelled = A part is called off
step-called_back = Called back
step-closed = Closed
step-extend_ask = More time asked for
step-extend = More time granted
step-extend_refuse = More time refused
step-park_ask = Parking asked for
step-park = Parked
step-park_refuse = Parking refused
step-resume = Taken up again
step-contact = Contact with the resident
step-urge = Urged
step-supervise = Put under supervision
step-supervise_report = Reported under supervision
step-send_up = Sent to the level above
step-send_down = Sent to the level below
step-send_back = Came back with an answer
step-noted = Note
step-revealed = Reporter seen

## What is wrong with a field

problem-push-service = The city does not send to this browser's push service; use mail or short messages.
problem-push-many = Ten devices are reminded already; stop one of them first.
problem-text-empty = Write what happened
problem-text-too-long = Too long: keep it within { $n } characters
problem-too-long = At most { $n } characters here
problem-area-empty = Choose the area
problem-area-unknown = This area was not found; choose one from the list
problem-phone-malformed = Not a phone number: digits only, such as 13900001234
problem-code-malformed = Not a code: compare it with your receipt
problem-secret-empty = Enter the secret
problem-not-found = Code and secret do not match; compare them with your receipt
problem-login-failed = Account or password is wrong
problem-name-empty = Enter a name or account
problem-password-empty = Enter the password
problem-password-short = At least 8 characters, better 15 or more; a sentence of your own is easy to keep
problem-name-taken = This account name is in use
problem-resolved-empty = Choose whether it is solved
problem-satisfaction-empty = Choose how satisfied you are
problem-reason-empty = Give a reason
problem-category-unknown = Choose a class
problem-unit-unknown = Choose a unit
problem-role-unknown = Choose a role
problem-outcome-empty = Choose the outcome
problem-evidence-empty = This class of matter needs evidence
problem-channel-unknown = Choose how it came in
problem-period-unknown = There is no such period; choose another
problem-characters = Some characters cannot be read; please retype them
problem-other = Check this field

## Dashboard and open figures

dashboard-page = Dashboard
dashboard-title = Dashboard
figure-cases-page = Cases behind a figure
figure-fresh = as of
figure-filters = Choose what to look at
figure-period = Period
figure-all-time = All time
figure-name = Name
figure-small = Few cases: read with care
figure-small-mark = (few)
figure-of = { $a } of { $b } cases
figure-cases = See the cases
figure-how = How it is computed
figure-trend = { $name } over time
figure-trend-note = Each column is one period; a dot means no data or too few.
figure-table = Table of the chart
figure-back = ← Back to the dashboard
figure-sides = Which side
figure-total = { $n ->
    [one] Counted once, one line each time
   *[other] Counted { $n } times, one line each time
}
figure-counted = counted
figure-empty-hint = No cases on this side.
side-denominator = All counted
side-numerator = Met
side-rest = Not met
indicator-received = Received
indicator-assigned = Tasks given
indicator-response = Response rate
indicator-on_time = On time
indicator-claimed_resolution = Resolved, says the unit
indicator-confirmed_resolution = Resolved, says the resident
indicator-satisfaction = Satisfied
formula-received = Reports received in the period; those joined to one matter count each.
formula-assigned = Tasks given to units in the period; each reassignment counts.
formula-response = Accepted in time ÷ (accepted in time + time to accept ran out), in the period.
formula-on_time = Answered in time ÷ (answered in time + time to answer ran out), in the period.
formula-claimed_resolution = Answers that say “fixed” or “explained” ÷ all answers in the period.
formula-confirmed_resolution = Residents who say “solved” ÷ callbacks that residents answered; silence is on neither side and shown apart.
formula-satisfaction = Ratings “satisfied” or “very satisfied” ÷ all ratings given; silence is on neither side and never satisfaction.
change-more = { $a } more than in the { $n } days before
change-fewer = { $a } fewer than in the { $n } days before
change-up = { $a } points higher than in the { $n } days before
change-down = { $a } points lower than in the { $n } days before
change-same = The same as in the { $n } days before
change-few = Too few to compare with the { $n } days before
figure-silent = { $n ->
    [one] One callback had no answer and is not counted
   *[other] { $n } callbacks had no answer and are not counted
}
compare-title = Side by side
compare-ways = Ways to compare
compare-area = By area
compare-unit = By unit
compare-class = By class
compare-period = By time
compare-total = Together
compare-own = { $name } (itself, not below)
compare-none = There is nothing below to compare.
compare-how = How these are computed
compare-note = Under each ratio stands “met/all counted”; each number opens its cases. “—” is no data; “(few)” is fewer than five, not fit to compare. In the order of codes; nobody is ranked.
open-page = Open figures
open-title = Open figures
open-lead = How much came in, how much was on time, how much residents say is solved.
open-small = Counts below five are not shown, so that nobody can be recognised.

## Third-party evaluation

nav-rooms = Third-party evaluation
nav-room = My evaluation
nav-calls = Evaluation calls
rooms-page = Third-party evaluation
rooms-title = Third-party evaluation
rooms-lead = A body from outside looks at a sample of closed cases: drawn in the open, blind to units and reporters, signed, and set beside what residents say themselves.
rooms-new = New contract
rooms-empty = No contract yet
rooms-empty-hint = Once every half year; begin with “New contract”.
rooms-days = { $a } to { $b }
rooms-cases = cases closed { $days }
rooms-judged = { $a } of { $b } cases judged
room-state-ordered = Ordered
room-state-framed = Frame closed
room-state-running = Under way
room-state-signed = Signed
room-state-cancelled = Called off
strata-all = Not parted
strata-area = By area
strata-unit = By unit
strata-class = By class
allocation-proportional = By the number of cases
allocation-equal = As many of each
allocation-neyman = By cases and how far residents differ (Neyman)
room-step-order = Ordered
room-step-frame = Frame closed
room-step-draw = Sample drawn
room-step-people = Evaluators changed
room-step-until = Last day changed
room-step-sign = Signed
room-step-correct = Correction
room-step-cancel = Called off
room-new-page = New contract
room-new-lead = Once ordered, the design does not change: it is published first, then the frame is closed, and only then the sample is drawn.
room-new-who = Who evaluates, and where
room-title = Name
room-title-hint = Such as: Handling of cases, first half of 2026
room-agency = Evaluating body
room-evaluators = Evaluators
room-evaluators-hint = Only accounts that hold the role of evaluator here, and no other role.
room-evaluators-none = There is no such account yet; the security administrator makes one.
room-new-days = Days
room-cases = Cases closed
room-cases-from = Cases closed from
room-cases-until = to
room-work = Days of the work
room-work-from = Work from
room-work-until = Work until
room-new-design = Sample and questions
room-size = Cases in the sample
room-least = Of each part at least
room-by = Parts
room-by-hint = By unit or area every part is represented; evaluators are not told which part is whose.
room-allocation = Shares of the parts
room-allocation-hint = By number is the plainest; Neyman has the smallest error for the same size; equal shows each part best.
room-questionnaire = Questionnaire
room-basis = Basis
room-interview = Telephone calls
room-calls = Have the hotline call the residents of the sample, too
room-calls-hint = Evaluators see no phone. Operators call; their questions are apart from the evaluators', the results side by side.
room-calls-yes = Yes, by the hotline
room-calls-no = No
room-seed = Seed
room-seed-hint = With seed and frame anybody draws the same sample. The seed must be fixed before the frame is closed, and known to nobody.
room-seed-kind = Where the seed comes from
room-seed-secret = The program draws one now, publishes its hash, and shows it with the sample
room-seed-source = A number that is drawn in public later (better: not even the program knows it before)
room-seed-hash = Hash of the seed (SHA-256), published with the contract
room-source = Which public number
room-source-hint = Such as: the winning numbers of lottery draw 2026101
room-source-at = When it is drawn
room-source-at-hint = The frame must be closed before that.
room-order = Order, and publish the design
room-page = Contract
room-result = Result
room-redraw = Draw again and compare
room-open = Published design
room-like = Another like this
room-contract = Contract
room-drawing = The drawing: what was published when
room-frame-hash = Frame: { $n } cases, hash when it was closed (SHA-256)
room-frame = Close the frame
room-frame-hint = All cases closed within the days are listed and kept, and the hash is published. Nothing is added or taken out after that.
room-draw = Draw the sample
room-draw-hint = Shows the seed that was sealed with the contract and draws the sample. Once only.
room-number = The number drawn
room-number-hint = As published, with a space between the figures.
room-progress = How far the parts are
room-part = Part
room-part-cases = Cases
room-part-sampled = Drawn
room-part-weight = One stands for
room-part-judged = Judged
room-part-called = Called
room-change = Change or call off
room-change-hint = The reason stays in the record below.
room-change-people = Name the ticked evaluators
room-change-until = Change the last day
room-change-cancel = Call off the contract
room-history = What became of it
room-no-unit = No unit
room-redraw-page = Drawn again
room-redraw-lead = Drawn once more from the published seed and the kept frame, and compared case by case with what evaluators have.
room-same = The same
room-other = Not the same
room-same-short = the same
room-other-short = another
room-drawn = { $n ->
    [one] { $n } case drawn again
   *[other] { $n } cases drawn again
}
room-compared = What was compared
room-frame-same = Hash of the frame
room-shares-same = Cases of each part
room-seed-same = Seed and the hash published before
room-sample-same = Every case
room-differing = Numbers that differ:
room-by-hand = It can be checked without this program: a case's rank is SHA-256 of seed, line feed, code; of each part the lowest are taken. Operators have a command:
room-result-page = Result
room-versions = Versions
room-version = Version { $n }
room-broken = The kept answers do not have the hash that was signed
room-broken-hint = Somebody changed data; this result cannot be used. The audit administrator should look into it.
room-found = What was found, and what residents say
room-found-hint = Estimated for all cases of the days, with its 95% interval. The residents' column is their own figure over all cases, not an estimate.
room-question = Question
room-estimate = Estimate
room-interval = 95% interval
room-own = Residents
room-answered = Judged
room-untold = { $n } more cannot be told
room-by-call = by phone
room-agreement = Case by case: { $question }
room-agreed = Of { $b } cases on which both have a word, { $a } agree.
room-kappa = Agreement beyond chance (Cohen's κ): { $k }.
room-resident-yes = Resident: good
room-resident-no = Resident: not good
room-found-yes = Evaluator: good
room-found-no = Evaluator: not good
room-differs = { $n ->
    [one] { $n } case on which they differ
   *[other] { $n } cases on which they differ
}
room-case = Number and case
room-evaluator-says = Evaluator
room-resident-says = Resident
room-mark = mark { $n }
room-yes = Yes
room-no = No
room-cannot-tell = Cannot tell
room-parts = “Solved”, part by part
room-parts-hint = Few cases make a wide interval; below 5 they are marked and not to be compared. In the order of codes, not ranked.
room-part-solved = Solved
room-remarks = What evaluators wrote, and what was said on the phone
room-nth = Case { $n }
room-method = How it was done
room-signed = Signed
room-hash = Hash of all answers (SHA-256), in the audit chain since it was signed
room-claimed = Units say settled or explained: { $share } (of { $n }).
room-confirmed = Residents say solved: { $share } ({ $n } answered).
room-silent = { $n } did not answer: on neither side, and never counted as satisfied.
room-satisfied = Residents give 4 or more: { $share } ({ $n } marks).
room-called = Called: { $a } of { $b }.
room-method-frame = The frame is all { $n } cases closed { $days } and still closed when it was made.
room-method-sample = Cases drawn: { $n }; parts: { $parts }; of each part at least what the contract says.
room-method-shares = Parts: { $by }. Shares: { $allocation }, remainders by Sainte-Laguë.
room-method-secret = The program drew the seed with the contract and published its hash; it was shown after the frame was closed.
room-method-source = The seed is a number drawn in public after the frame was closed.
room-method-blind = Evaluators see a masked record: no reporter, phone, unit, area, code, nor what residents said; every look is on the record.
room-method-calls = The hotline called residents of the sample; it does not see the evaluators' answers. Operators are the city's own people: mind that when reading.
room-method-no-calls = Nobody was called; only the record was read.
room-method-estimate = Parts are weighed by their cases; yes or no with Wilson's interval (effective size), marks with the normal one, both corrected for a finite number of cases; “cannot tell” counts on neither side.
room-open-page = Design
room-open-lead = Who evaluates, which cases, and how they are drawn: published first, drawn afterwards. With this anybody can check that no case was picked.
own-page = My evaluation
own-title = My evaluation
own-lead = You see the cases that were drawn, and neither who reported them nor which unit worked on them.
own-empty = Nothing to judge now
own-empty-hint = Once you are named in a contract and its sample is drawn, it stands here.
own-work = work { $days }
own-room-page = Evaluation
own-next = Judge the next (number { $n })
own-not-open = These are not the days of the contract; cases are not shown.
own-frozen = Signed; nothing changes any more. Should something be wrong, correct it as another version, with the reason.
own-correct = Correct
own-correct-hint = What is wrong and why. Both versions stay.
own-correct-do = Begin another version
own-sample = Sample
own-judged = judged
own-unjudged = not judged
own-sample-hint = Filled ones are judged; press a number to look at it again.
own-groups = How far the groups are
own-group = Group
own-nth-group = Group { $n }
own-left = Left
own-sign = Sign
own-sign-hint = Every case is judged. Below is the hash of all answers; signed, it goes into the audit chain with your account, the time and your name, and the answers do not change any more.
own-name = Your name
own-name-hint = As it stands with your account.
own-sign-do = Sign as version { $n }
own-case-page = A case
own-case = Case { $n } of { $of }
own-masked = Names, phones, units, areas and codes are masked. That you look at it is on the record.
own-reports = { $n } people reported it
own-photos = { $n ->
    [one] { $n } photo, not shown here
   *[other] { $n } photos, not shown here
}
own-promised = Answer promised for
own-kept = in time
own-broken = not in time
own-record = What happened
own-line = Line
own-questions = Your judgement
own-keep = Keep, and go on
room-side-resident = resident
room-side-unit = unit
room-side-staff = staff
room-side-system = program
calls-page = Evaluation calls
calls-title = Evaluation calls
calls-lead = Cases drawn for a third-party evaluation: call the resident and ask. Do not explain, do not persuade.
calls-empty = Nobody to call
calls-empty-hint = When a contract asks for calls they stand here.
calls-until = until
call-page = Call
calls-phone = The phone is on the page of the case; say why you look.
calls-hint = Not reached: choose “cannot tell” for each question.
calls-keep = Keep
problem-room-title-missing = Give the evaluation a name
problem-room-agency-missing = Say which body evaluates
problem-room-days = Give two days, the first not after the second
problem-room-size = The sample has 1 to 5000 cases
problem-room-least = Of each part at least 1 to 50; two or more show how far they differ
problem-room-questionnaire = Choose a questionnaire
problem-room-evaluators = Choose evaluators from the list, at least one
problem-room-source-missing = Say which public number is used
problem-room-source-past = It must be drawn later: the frame is closed before it
problem-room-moved = The contract has moved on; look at where it stands now
problem-room-period = The days of the cases are not over; close the frame after them
problem-room-source-drawn = The number has been drawn and could be known; call this off and order anew with a later one
problem-room-empty = No case was closed on these days
problem-room-small = The sample is too small for the least of every part; call this off and take more cases or fewer parts
problem-room-seed-other = The kept seed does not have the published hash; nothing is drawn. The audit administrator should look into it
problem-room-number-early = The number has not been drawn yet
problem-room-number-missing = Enter the number as published
problem-room-not-drawn = Nothing is drawn yet
problem-room-until = Give a day that is not over and not before the first
problem-room-change = There is no such change
problem-room-answer-missing = Choose an answer; what the record does not show is “cannot tell”
problem-room-name = Type your own name, as it stands with your account
problem-room-unjudged = Some cases are not judged yet
problem-room-over = The days of the contract are over; whoever ordered it can set a later one

## Sign-in, accounts, audit

login-page = Sign in
login-held = Your session has ended. What you wrote is kept: sign in and send it.
login-title = Staff sign-in
login-lead = Use the account your unit gave you.
login-name = Account
login-password = Password
login-send = Sign in
login-resident = Residents need no account:
accounts-page = Accounts and grants
accounts-title = Accounts and grants
accounts-total = { $n ->
    [one] One account
   *[other] { $n } accounts
}
accounts-empty = No account fits
accounts-empty-hint = Look for another name, or make a new account.
accounts-q = Name or login
accounts-active = Active
accounts-stopped = Stopped
accounts-revoke = Revoke
accounts-change = Add a grant or stop
accounts-role = Role
accounts-no-unit = Any unit
accounts-grant = Add grant
accounts-stop = Stop account
accounts-new = New account
accounts-login-hint = Lower-case letters and digits; cannot be changed later.
accounts-name = Name
accounts-password = First password
accounts-password-hint = At least 8 characters, better 15 or more; a sentence is easy to keep. Hand it over in person.
accounts-create = Create
audit-page = Audit
audit-title = Audit record
audit-lead = Every look and every act is here; nothing can be changed or removed.
audit-filters = Filter the record
audit-actor = Who
audit-action = Did what
audit-q = Subject
audit-q-hint = The code of a case, or the subject as the record names it.
audit-when = When
audit-subject = Subject
audit-sealed = In the chain
audit-empty = No such records
audit-empty-hint = Widen the filter.

## What went wrong

error-page = Something went wrong
error-home = Home
error-reference = When asking for help, quote
error-400 = We cannot read this request
error-405 = This address cannot be opened like this
error-408 = The connection was too slow
error-415 = This format cannot be read
error-form = This page stood open too long
error-403 = You may not see this page
error-404 = This page was not found
error-409 = This step is not possible now
error-413 = Too large
error-422 = Some entries are not right
error-429 = Too many tries
error-500 = Something broke on our side
error-503 = The system is busy
advice-400 = Go back and try once more.
advice-405 = Start again from the front page.
advice-408 = Try again over a better connection.
advice-415 = Fill in the form on our page and send it from there.
advice-form = Nothing was sent yet. What you wrote is here: send it again.
advice-403 = If your work needs it, ask the administrator of your unit.
advice-404 = The address may be mistyped, or it is not yours to see. Codes can be entered under “Track a report”.
advice-409 = Things may just have changed; reload and look again.
advice-413 = Send less at once.
advice-422 = Go back and change them.
advice-429 = Wait a minute. Nothing you sent is lost.
advice-500 = It is not your fault. Nothing you sent is lost; try again in a while.
advice-503 = Nothing you sent is lost; try again in a few minutes.

# Words for what the record holds
channel-station = Service station
urgency-danger = Danger to life
due-left-days = { $n ->
    [one] { $n } day left
   *[other] { $n } days left
}
due-left-hours = { $n ->
    [one] { $n } hour left
   *[other] { $n } hours left
}
due-left-minutes = { $n ->
    [one] { $n } minute left
   *[other] { $n } minutes left
}
due-late-days = { $n ->
    [one] { $n } day late
   *[other] { $n } days late
}
due-late-hours = { $n ->
    [one] { $n } hour late
   *[other] { $n } hours late
}
due-late-minutes = { $n ->
    [one] { $n } minute late
   *[other] { $n } minutes late
}
waits-unsure = The system is not sure of the class; please decide.
waits-no-duty = The duty list has no entry for this class.
waits-no-unit = The unit named by the duty list does not exist here yet.
waits-disputed = The unit says that this is not its duty; please rule.
waits-elsewhere = It may belong elsewhere; please decide.
waits-reopened = The resident asks to look at it again.
clock-promise = Promise to the resident
clock-dispatch = Time to dispatch
clock-accept = Time to accept
clock-answer = Time to answer
clock-callback = Waiting for the resident
clock-feedback_first = First word to the resident
clock-feedback_next = Next word to the resident
clock-rule = Time to rule
clock-supervise = Report under supervision
clock-part = Time for a part of the work
owed-dispatch = By then a person names the unit in charge.
owed-accept = By then the unit in charge accepts it.
owed-answer = By then the unit in charge answers you.
owed-callback = Until then you can say whether it is solved; without your word it closes as answered, not confirmed.
owed-promise = By then you have an answer.
period-days = Last { $n } days
figure-few = fewer than 5
errors-page = Errors
errors-title = Errors
errors-lead = When the API refuses a request, the type of its answer points at a line here. Compare the code; the sentences may change.
errors-table = Table of errors
errors-code = Code
errors-status = Status
errors-meaning = What it means
errors-advice = What to do
audit-newest = Newest first; muster doctor checks the whole chain.
problem-text-missing = Write what happened
problem-text-short = Too short; a few more words help those who handle it
problem-text-long = Too long; please shorten it
problem-place-long = The place is too long
problem-name-long = The name is too long
problem-password-long = The password is too long; shorten it
problem-password-common = This password is among those tried first; choose another, such as a sentence of your own
problem-password-name = The password contains the account's name; choose another
problem-title-long = The title is too long; shorten it
problem-class-unknown = There is no such class; choose one from the list
problem-code-wrong = Not a code: compare it with your receipt
problem-period-reversed = The period ends before it begins; swap the two days
problem-satisfied-range = Choose one of the five answers
problem-grant-refused = This role cannot stand beside those the account has, or its unit is missing
problem-no-duty = The duty list has no entry for this class; choose a unit
problem-no-unit = The unit the duty list names does not exist here yet; choose a unit
problem-area-foreign = Reports from this area are taken elsewhere; choose one of your own
problem-area-missing = Choose the area
problem-phone-invalid = Not a phone number; write digits such as 13900001234
problem-text-control = There is a character that cannot be kept
problem-login-wrong = Name or password is wrong
problem-login-form = Use 2 to 40 letters, digits, dots or hyphens
problem-login-taken = This name is taken
problem-name-form = Give a name
problem-solved-missing = Say whether it is solved
problem-reason-missing = Give a reason
problem-answer-missing = Write the answer for the resident
problem-evidence-missing = This outcome needs evidence: time, place, document
problem-outcome-unknown = Choose an outcome
problem-reason-unknown = Choose a reason
problem-cases-none = Choose at least one case in the list
problem-cases-many = At most 100 cases can be chosen at once
problem-view-name-missing = Give it a name
problem-view-name-long = The name is too long; up to 30 characters fit
problem-view-name-taken = You have a saved view of this name; choose another
problem-views-many = You have 20 saved views already; remove one first
problem-views-shared-many = 20 saved views are shared with this area already; take one back first
problem-words-long = Too many words to look for; use fewer
problem-code-repeated = One code twice with different content; a code names one unit
problem-code-invalid = Use 1 to 40 letters, digits, dots or hyphens
problem-name-invalid = Give a name, on one line and not too long
problem-department-unknown = The duty list has no such department
problem-name-missing = Give a name
problem-name-control = The name has a character that cannot be kept; retype it
problem-parent-missing = The area above is not there yet; import it first
problem-parent-wrong = The area above does not fit the code; compare the two
problem-verdict-unknown = Choose to adopt, not to adopt, or to stop using it
problem-time-early = Before 1970; check the time
problem-time-future = This time has not come yet; check it

## Models

nav-models = Models
models-page = Models
models-title = Models
models-judges = This one judges now:
models-shipped = as shipped
models-unread = The adopted model does not judge here: wait a minute if it was just adopted; otherwise this version of the program cannot read it, and it must be made again.
models-how = Every case that a person decided is an example. A new model is first compared on a quarter of them that is never learned from; then a person decides whether it is used. Each judgement names its model.
models-propose = Make a model from what people decided
models-few = People have decided fewer than { $n } cases so far: too few to learn from and to measure on.
models-same = Nothing was decided since the last proposal: the same model would come of it.
models-empty = No model has been made here yet
model-proposed = To be decided
model-adopted = In use
model-rejected = Not adopted
model-retired = No longer used
model-do-adopt = Adopt
model-do-reject = Do not adopt
model-do-retire = Stop using it, go back to the shipped one
models-from = learned from { $n } decisions and { $m } matters carried through
models-base = from { $model }
models-frozen = Cases it has not learned from
models-before = Model in use
models-after = This model
models-decided = Decided by people, right
models-carried = Carried through, right
models-alone = Of those it is sure of, right
models-sure = Newest reports it is sure of
models-changed = Of the newest { $m } reports it has not learned from, { $n } would be judged to be of another class.
models-moves = From where to where
models-decide = Decide
models-reason-hint = Say why; it stays on the record beside your name.
drift-title = How judging drifts
drift-how = How sure it was, how much needed no person, how often people decided otherwise; one week a line. What changes suddenly says that either the reports have changed or the model has aged.
drift-mix = The classes of the last four weeks differ from those of the eight before by { $share } (so large a share of reports would have to be of another class for both to be alike).
drift-mix-none = Too few reports yet to see a change in their classes.
drift-week = Week (Monday)
drift-judged = Judged
drift-confidence = Mean confidence
drift-sure = Needed no person
drift-otherwise = Decided otherwise

## Photos

photo-add = Add a photo
photo-hint = Take one or choose from the album, { $n } at most. Where it was taken and the like are removed.
photo-chosen = Photo { $n }
photo-nth = Photo { $n }
photo-remove = Remove
photo-most = { $n } at most; the others were not added.
photo-kept = Photo { $n } has arrived; untick it to leave it out
photo-wrong = Photo { $n }: { $why }
photo-open = Open photo { $n }
check-photos = { $n ->
    [one] One photo
   *[other] { $n } photos
}
case-photos = { $n ->
    [one] One photo
   *[other] { $n } photos
}
case-photos-hint = Photos are personal data: who opens one is on the record.
track-photos-hint = The photos you sent. Only you and those who work on it can see them.
grid-photos = Photos: { $n }
grid-full = This phone has no room left; what you wrote still stands above. Remove a photo, or press again once the earlier ones have gone out.
problem-photo-empty = The file is empty; choose it again
problem-photo-large = The file is too large; take the photo in a smaller size, or send a screenshot of it
problem-photo-gif = This is a GIF; send a photo (JPEG or PNG) instead
problem-photo-heic = This format (HEIC) cannot be read here; set the camera to “most compatible”, or send a screenshot
problem-photo-pdf = This is a PDF; send a photo instead, or write down above what it says
problem-photo-svg = This is a drawing or a web page, not a photo; send a photo (JPEG or PNG)
problem-photo-video = This is a video; send a photo instead, or say it in words
problem-photo-kind = This is not a photo that can be opened; send a JPEG or PNG picture
problem-photo-pixels = The photo is too large in size; take it smaller, or send a screenshot of it
problem-photo-broken = The photo cannot be opened and may have been cut off; choose it again or take another
problem-photo-busy = Many photos are coming in just now; add it in a few minutes, or send without photos
problem-photo-gone = The photo was chosen too long ago and is gone; choose it again
problem-photos-many = There are too many photos; leave some out

## Advice

advice-call = If this is happening now, call { $number } first
advice-call-hint = Life comes first; everything else can wait.
advice-dial = Call { $number }
advice-door = This may not be handled here: { $reason }
advice-door-hint = . You can send it all the same; somebody will read it and answer.
advice-other = “{ $name }” usually lies in { $area }
advice-other-hint = That is not the place chosen; change it if it is wrong, otherwise never mind.

## Reporting often

nav-reporters = Often
reporters-page = People who report often
reporters-title = People who report often
reporters-how = { $n } reports or more within { $d } days, the latest first; without names or phone numbers, and not ranked. See whether one matter was never settled, and handle the whole.
reporters-empty = Nobody has reported often of late
reporters-empty-hint = Who reports several times within a short time is listed here.
reporters-count = { $n } reports
reporters-matters = { $n ->
    [one] one matter
   *[other] { $n } matters
}

## Replies to messages

channel-chat = Chat message
channel-mail = E-mail
hook-taken = We have received what you wrote.
hook-joined = Received. It is the same matter as one already being worked on, and has been joined to it.
hook-elsewhere = This may not be handled here: { $reason }. { $door }. Somebody will read it and answer.
hook-code = Code: { $code }, secret: { $secret }
hook-unit = { $unit } will answer by { $due }.
hook-open = Someone will find out which unit answers; you hear by { $due }.
hook-track = Follow it at { $address }
hook-left-out = Attachments not taken: { $n }. Only photos (JPEG, PNG or WebP) are taken, { $most } at most.
hook-refused = Not taken: { $why }. Mend it and send it again.
hook-and = ;{ " " }
problem-from-missing = It cannot be seen who sent this

side-thread = With the resident
side-thread-empty = Nothing yet. The resident should hear within 24 hours of dispatch and every 3 days after.
side-resident = Resident
side-read = read
side-unread = not read yet
side-line = Tell the resident how it goes
side-line-hint = The resident reads this with code and secret. Nothing internal.
side-line-send = Send to the resident
side-notes = Notes among staff
side-notes-hint = Only staff see these.
side-note = Note
side-note-send = Save the note
side-answer = Answer
side-answer-hint = Needed where you refuse.
side-granted = Decision
side-grant = Grant
side-deny = Refuse
side-order = Supervision
side-order-text = What is demanded
side-reported = Reported
side-report-owed = Report owed
side-report-title = Report on the order
side-report = What you found and did
side-report-hint = Staff read it, the resident does not.
side-report-send = Send the report
side-resume-title = Take it up again
side-resume = Take it up again
side-extend-title = Ask for more time
side-amount = How much more
side-reason-hint = A coordinator decides; once granted, the resident reads the reason.
side-ask = Send the request
side-park-title = Ask to park it
side-ground = Ground
side-review = Day of review
side-review-hint = On this day it is taken up again by itself.
side-send-title = Send to another level
side-send-hint = What goes up comes back with its answer, and you answer the resident.
side-send = Send
side-supervise-title = Put under supervision
side-supervise = Give the order
side-asks-time = { $time } more
side-asks-parking = Park: { $ground }, looked at again { $until }
asked-open = To decide
asked-granted = Granted
asked-refused = Refused
asked-void = No longer needed
track-thread = With the unit in charge
track-line = Add something, or ask
track-line-hint = The unit reads it; your name and number are not shown.
track-line-send = Send
track-urge = Urge them
track-urge-hint = The unit and its head are reminded.
track-urged = It was urged already; again from { $when }.
contact-phone = Telephone
contact-visit = Visit
contact-message = Message
contact-reached = { $way }: reached
contact-missed = { $way }: nobody reached
side-contact-hint = Reaching them counts as feedback. Note it too when you did not.
side-contact-way = How
side-contact-reached = Reached them
side-contact-missed = Nobody reached
side-urge = Urge
side-urge-hint = For whoever waits. The unit and its head are reminded.
problem-contact-way-unknown = Choose how you turned to them
problem-reached-missing = Say whether you reached them
problem-urged-already = It was urged already; wait until it can be again
problem-appeal-own = You refused this case; another person decides on the appeal. You can assign it
track-unread = not read yet
problem-extension-amount = That is more than can be asked for
problem-extension-times = It cannot be extended again
problem-request-open = A request is already waiting
problem-ground-unknown = Choose a ground
problem-review-date = The day must come after today and within the longest time
problem-supervision-open = An order is already open
problem-unit-same = This unit has it already
problem-unit-level = This unit is neither above nor below
problem-outside-list = The list of that level does not hold this
problem-line-missing = Write what you want to say
problem-note-missing = Write the note
problem-thread-full = The thread is full; use the telephone
case-rung = Warned at { $rung }:
# The work of a case in parts, their plan and times
plan-page = Plan of the work
plan-title = Plan of the work
plan-back = Back to the case
plan-end = All done by about:{" "}
plan-empty = The work is not parted yet
plan-empty-hint = When several units share a matter, give each its part here, with an order and a time.
plan-chart = Timetable
plan-legend = Numbers are those of the parts; dark bars decide the end, the dashes after light bars are time to spare, the vertical line is now.
plan-parts = { $n ->
    [one] { $n } part
   *[other] { $n } parts
}
plan-part = Part
plan-unit = Leading unit
plan-helper = Helping unit
plan-state = State
plan-start = Begins
plan-finish = Ends
plan-slack = To spare
plan-slack-days = { $n ->
    [one] { $n } day
   *[other] { $n } days
}
plan-critical = Decides the end
plan-not-required = Not required
plan-waits = After part { $parts }
plan-helps = With: { $units }
plan-accept = Accept this part
plan-result = What was done
plan-result-hint = Say what was done.
plan-evidence = What shows it: a date, a place, a document
plan-done = Finish this part
plan-cancel-title = Call this part off
plan-cancel-hint = What belongs to it is called off too; what waits for it waits no longer.
plan-cancel = Call it off
plan-reason-hint = The unit that gets it reads this.
plan-take = Give the work out like this
plan-from-template = Part the work by a template
plan-template = Template
plan-template-hint = See dates and units first, then confirm.
plan-look = Look first
plan-add-title = Add a part
plan-part-title = What is to be done
plan-amount = Time
plan-budget-unit = Unit of time
plan-parent = Belongs to part
plan-after = After which parts
plan-after-hint = Their numbers, with commas between, such as 1, 2
plan-not-before = Not before
plan-optional = Not required: the case can be answered without it
plan-add = Give it to this unit
plan-month = { $n ->
    [1] Jan
    [2] Feb
    [3] Mar
    [4] Apr
    [5] May
    [6] Jun
    [7] Jul
    [8] Aug
    [9] Sep
    [10] Oct
    [11] Nov
   *[other] Dec
}
part-state-waiting = Waits for another
part-state-assigned = To be accepted
part-state-accepted = Under way
part-state-done = Done
part-state-cancelled = Called off
budget-natural_hours = { $n ->
    [one] { $n } hour
   *[other] { $n } hours
}
budget-natural_days = { $n ->
    [one] { $n } day
   *[other] { $n } days
}
budget-working_days = { $n ->
    [one] { $n } working day
   *[other] { $n } working days
}
budget-working_hours = { $n ->
    [one] { $n } working hour
   *[other] { $n } working hours
}
budget-working_minutes = { $n ->
    [one] { $n } working minute
   *[other] { $n } working minutes
}
budget-unit-natural_hours = hours
budget-unit-natural_days = days
budget-unit-working_days = working days
budget-unit-working_hours = working hours
budget-unit-working_minutes = working minutes
case-parts = Parts of the work ({ $n })
case-parts-open = See the plan, work on a part
case-parts-none = Do several units share this?
case-parts-wait = { $n ->
    [one] { $n } required part is open; the answer waits for it.
   *[other] { $n } required parts are open; the answer waits for them.
}
inbox-parts = Parts given to your unit ({ $n } open)
notice-parts-open = Parts that come first, or are required, are still open: finish them or call them off
problem-part-title-missing = Say what is to be done
problem-budget-unknown = Choose a unit of time
problem-budget-range = This time is out of range
problem-part-unknown = There is no such part; choose one from the list
problem-part-circle = The parts would wait for each other for ever; change the order
problem-parts-many = Too many parts; open another case
problem-result-missing = Say what was done
problem-plan-unknown = There is no such template; choose one from the list
problem-date-wrong = This is no date; write it as 2026-06-01
problem-meeting-place-missing = Say where the meeting is held
problem-meeting-chair-missing = Say who chairs the meeting
problem-agenda-empty = Put at least one matter on the agenda
problem-agenda-long = Too many matters for one meeting
problem-case-unknown = There is no such case here
problem-case-taken = This matter stands on another agenda already
problem-minute-missing = Say what was decided, and why

# Joint meetings
nav-meetings = Meetings
meetings-page = Joint meetings
meetings-title = Joint meetings
meetings-hint = What no single unit owns waits here for a meeting, the longest first.
meetings-median = Half of it has waited { $n } days or more.
meetings-empty = Nothing waits for a meeting
meetings-empty-hint = Cases that the duty list gives to nobody, or that were handed back twice, come here by themselves.
meetings-waiting = { $n ->
    [one] { $n } matter waits
   *[other] { $n } matters wait
}
meetings-waited = { $n ->
    [one] waited { $n } day
   *[other] waited { $n } days
}
meetings-on-agenda = On an agenda
meetings-call-title = Call a meeting
meetings-call = Put what is ticked on the agenda
meetings-held = When
meetings-place = Where
meetings-chair = Chair
meetings-unit = Unit invited
meeting-page = Minutes
meeting-title = Minutes of a joint meeting
meeting-units = Units invited
meeting-verdict = Decision
meeting-owner = Owner
meeting-owner-hint = Where one unit shall own it.
meeting-words = The minute: what was decided, and why
meeting-decide = Record the decision
meeting-open = Not decided yet
verdict-owner = One unit owns this one
verdict-amend = One unit owns it and from now on all of its kind (amends the duty list)
verdict-up = Not for this level: send up
verdict-postponed = Postponed to the next meeting
decision-owner = One unit owns it
decision-joint = Done together; leads
decision-up = Sent up
decision-postponed = Postponed
problem-decision-unknown = Choose a decision
problem-time-wrong = Give a date and a time

nav-notices = Notices
notices-page = Notices
notices-title = Notices
notices-how = What concerns you, the latest first. Opening one marks it as read.
notices-empty = No notices yet
notices-empty-hint = When a case is given to you, or its time is running out or has run out, you are told here.
notices-read-all = Mark all as read
notices-unread = Unread
notices-unread-count = { $n } unread
notices-urgent = Danger
notices-open = Open { $code }
notices-open-it = Open
notices-no-unit = no unit yet

# How to hear, what was sent, letters
wants-page = How I want to hear
wants-title = How I want to hear
wants-lead = Notices always appear on the page; here you say whether they are also sent to you.
wants-no-way = This city has not set up this way yet. You may fill it in; nothing is sent until it is.
wants-mail-on = Send me mail
wants-mail = Mail address
wants-phone-on = Send me short messages
wants-phone = Mobile number
wants-when = When
wants-digest = Time of sending
wants-digest-hint = Danger to life is always sent at once.
wants-at-once = At once
wants-quiet-from = Quiet from
wants-quiet-until = Quiet until
wants-quiet-hint = Nothing is sent in these hours; it follows when they end. The same time twice means no quiet hours. Danger to life is the exception.
wants-keep = Keep
wants-kept = Kept.
push-lead = A reminder on this device, also while the page is closed. Code and state only.
push-since = A device, since { $when }
push-remove = Stop there
push-here = Remind me on this device
push-none = This browser takes no push messages, or scripts are off; use mail or short messages.
push-denied = It did not work: the browser said no, or cannot reach its push service. Allow notifications in its settings and try again.
way-mail = Mail
way-sms = Short message
way-chat = Message channel
way-push = Browser
way-letter = Letter
send-waiting = Waiting
send-retry = To be tried again
send-sent = Sent
send-dead = Came to nothing
send-given_up = Given up
send-void = No longer needed
send-look = See how it goes: { $url }
send-stop = To hear no more, choose "Tell me nothing" on the tracking page.
send-many = { $n ->
    [one] { $n } new notice
   *[other] { $n } new notices
}
send-settings = Change or stop this on the page of notices, under "How I want to hear".
nav-sends = Sends
nav-letters = Letters
sends-page = Sends
sends-title = Sends
sends-lead = Mail, short messages and messages that leave the program. Names and addresses of recipients are not shown here.
sends-ways = Ways
sends-has = set up
sends-has-not = not set up
sends-staff = to staff
sends-reporter = to whoever reported
sends-tries = { $n ->
    [one] tried once
   *[other] tried { $n } times
}
sends-told = Told
sends-ended = Stopped
sends-next = Next try
sends-dead = Came to nothing; somebody must decide
sends-dead-none = Nothing came to nothing
sends-dead-none-hint = What was tried many times and not taken appears here.
sends-again = Try again
sends-give-up = Give up
sends-reason = Why it is given up
sends-retry = Tried again by itself
letters-page = Letters
letters-title = Letters to print
letters-lead = Some people chose to hear by letter. Print it, post it, then mark it as printed.
letters-none = No letter waits
letters-none-hint = When somebody chose letters and their case moves, it appears here.
letters-waiting = { $n ->
    [one] { $n } letter waits to be printed
   *[other] { $n } letters wait to be printed
}
letters-show = Open
letters-how = Print this page with the browser; the address fits the window of an envelope. That you opened it is on the record.
letters-printed = Printed and posted
letter-page = Letter
letter-look = Scan the code below with a phone, or type the case number on the site; the full text needs the word on your receipt. You may also call 12345 and read the number.
letter-code = Case number
letter-stop = To get no more letters, choose so on the tracking page, or call 12345.
hear-title = How I hear of it:
hear-hint = We can tell you when something happens. The message has the number and the state, nothing that you wrote. You may change this at any time.
hear-legend = How shall we tell you?
hear-none = Tell me nothing
hear-sms = By short message to the number I gave
hear-mail = By mail to the address I wrote from
hear-chat = Where I wrote my message
hear-letter = By letter
hear-letter-label = Name and address
hear-letter-hint = For a letter only: name and address as on an envelope, up to 6 lines. Once given it need not be written again.
hear-send = Keep
field-tell = Tell me by short message when something happens (needs a phone number; number and state only, you may stop it)
desk-tell = They agree: a short message to this number when something happens (number and state only, may be stopped)
check-tell = You hear by short message when something happens
problem-mail-missing = Write a mail address, or switch mail off.
problem-mail-invalid = This is no mail address; write it as name@example.org.
problem-phone-missing = Write a mobile number, or switch short messages off.
problem-digest-hour = Choose at once, or an hour.
problem-time-form = Write a time of day such as 22:00.
problem-way-unknown = Choose one of the ways listed, or that you want to hear nothing.
problem-letter-address = Write name and address as on an envelope: at least 6 characters, at most 6 lines and 200 characters.
# Cost shares of a joint project
shares-page = Cost shares
shares-title = Cost shares
shares-back = Back to the plan
shares-project = Project
shares-empty = No cost entered yet
shares-empty-hint = Say what it costs and who bears which share; what each owes is worked out to the fen.
shares-empty-plan = The work of this case is not parted yet. Give it out on the plan first, then enter the cost.
shares-statement = What each party owes and paid
shares-cost = Cost:
shares-cost-yuan = Cost (yuan)
shares-yuan = { $amount } yuan
shares-print = Print the statement (PDF)
shares-party = Party
shares-parties = Parties and shares
shares-parties-hint = The shares must make 100. Name a building, a unit or a firm, never a single resident. Leave rows blank that you do not need.
shares-kind = Kind
shares-share = Share (%)
shares-percent = Share (%)
shares-owed = Owed
shares-pledged = Pledged
shares-paid = Paid
shares-waived = Waived
shares-balance = Balance
shares-settled = settled
shares-sum = Total
shares-how = In yuan. Balance = owed − paid − waived; below zero too much was paid and is to be given back. Fen left over go to the largest remainders.
shares-enter-title = Make an entry
shares-enter = Enter in the ledger
shares-entry = Entry
shares-amount = Amount (yuan)
shares-amount-yuan = Amount (yuan)
shares-document = Document number
shares-dated = Date of the document
shares-note = Note
shares-number = No.
shares-by = Entered by
shares-ledger = Ledger
shares-reverses = Takes back entry { $number } ({ $kind })
shares-reverse-title = Wrong? Take it back
shares-reverse-hint = The entry stays and an opposite one is added; the reason stands in the ledger.
shares-reverse = Take back this entry
shares-waive-title = Ask for a waiver
shares-waive-hint = Somebody else decides; once granted it stands in the ledger.
shares-waiver = Waive { $amount } yuan of { $party }
shares-other = Waits for somebody else to decide; whoever asked cannot.
shares-close-title = Close the account
shares-close-hint = It can be closed when every balance is zero; nothing is entered after that.
shares-close = Close the account
shares-closed-at = The account was closed on
shares-set-title = Enter cost and shares
shares-change-title = Change cost or shares
shares-set = Save and work out what each owes
shares-ground = Ground
shares-ground-hint = Such as the minutes or the agreement, with its date. It stands in the ledger.
shares-paper-title = Statement of account of a joint project
entry-charge = Share of the cost
entry-pledge = Pledge
entry-payment = Payment
entry-refund = Refund
entry-waive = Waiver
track-money = Who pays for it
track-money-hint = In yuan. Only totals are shown here, no person and no unit.
problem-shares-no-plan = The work of this case is not parted yet; make a plan first
problem-shares-whole = The shares must make 100 %
problem-parties-count = There must be 1 to 50 parties
problem-party-unknown = Choose a party from the list
problem-party-name-missing = Say who the party is
problem-party-twice = This party is named twice; put the shares together
problem-party-kind = Choose a kind
problem-share-range = A share is 0 to 100 with at most two decimals
problem-amount-wrong = Write the amount like 12345.60, with at most two decimals
problem-amount-range = The amount must be 0.01 to 100,000,000,000 yuan
problem-amount-more = That is more than there is
problem-ledger-full = The ledger is full
problem-entry-kind = Choose payment, pledge or refund
problem-document-missing = Give the number of the document; nothing is booked without one
problem-document-used = This document is entered already
problem-dated-wrong = The day must be today or before
problem-own-request = Whoever asked cannot decide; somebody else must
problem-shares-unsettled = Not every balance is zero; enter payments or refunds, or ask for a waiver
problem-waiver-open = A waiver is not decided yet

# Joint meetings: putting a case there, joint tasks, waiting times, minutes on paper
meetings-unit-hint = You can choose several.
meetings-put-by = put there by { $who }
meeting-print = Print the minutes (PDF)
meeting-joint = Done together: what each unit does
meeting-joint-hint = For "several units together". The first row leads and answers for the whole; the others help, each with its time.
meeting-lead = Unit that leads
meeting-helps = Unit that helps
meeting-days = Working days
meeting-plan = By a template
meeting-plan-hint = For "one leads, by a template". Choose the unit that leads above; the others are the nearest units in charge.
verdict-joint = Several units do it together
verdict-plan = One leads, the work is parted by a template
side-matter-title = Put it before a joint meeting
side-matter-hint = For what one unit cannot settle alone. The reason stands on the agenda.
side-matter = Put it before the meeting
side-matter-waits = Waits for a joint meeting ({ $why }), since
waited-page = Waiting for meetings
waited-title = From the queue to the decision
waited-how = Matters decided in the period, from when they began to wait. What was postponed waits on and is counted once it is decided.
waited-from = From
waited-to = To
waited-figures = By area
waited-count = Matters
waited-median = Half within
waited-most = Nine of ten within
waited-cases = { $n ->
    [one] The matter behind
   *[other] The { $n } matters behind
}
waited-first = { $n ->
    [one] The longest wait is listed.
   *[other] The { $n } longest waits are listed.
}
waited-cut = There are too many matters; only the { $n } longest waits are counted. Choose a shorter period.
waited-empty = No meeting decided anything in this period
waited-empty-hint = Choose another period, or call a meeting first.
wait-hours = { $n ->
    [one] { $n } hour
   *[other] { $n } hours
}
wait-days = { $n ->
    [one] { $n } day
   *[other] { $n } days
}
paper-page = Page_
paper-of = _of_
paper-end = _
paper-comma = ;_
paper-reason = Why it was put
paper-decided = { $decision }: { $unit }
paper-words = Minute
paper-whole = Answers for the whole case
paper-task-unit = Unit
paper-task = Task
paper-task-due = Due
paper-due-later = counts from the end of the part before
paper-sign-chair = Chair:
paper-sign-minutes = Minutes:
paper-sign-lead = Prepared by:
paper-sign-check = Checked by:
paper-minutes-note = Decisions hold from the meeting on; units keep the times above. Progress can be followed with the code.
paper-statement-note = Amounts in yuan. The ledger only grows; a wrong entry is taken back by another. All accounts together are always zero.
paper-as-of = As of
notice-font-missing = The server has no Chinese font, so nothing can be printed; everything else works. Ask whoever runs it to install fonts-noto-cjk or to set the key fonts.
shares-unlisted = { $n ->
    [one] The latest first; one older entry is in the printed statement.
   *[other] The latest first; { $n } older entries are in the printed statement.
}
paper-day = Date

## Those who help: joining and one's own page

nav-resources = Registry
weekday-1 = Mon
weekday-2 = Tue
weekday-3 = Wed
weekday-4 = Thu
weekday-5 = Fri
weekday-6 = Sat
weekday-7 = Sun
resource-volunteer = Volunteer
resource-organisation = Organisation
resource-service = Service
resource-venue = Venue
resource-vehicle = Vehicle
resource-stock = Store of goods
branch-community = community
branch-professional = professional
branch-emergency = emergency
ask-way-page = I look at my own page
ask-way-phone = By phone
ask-way-sms = By text message
ask-way-mail = By mail
bar-left = has left
bar-paused = paused
bar-consent = has not agreed to be asked
bar-guardian = under 18, and no guardian has agreed
bar-stale = not confirmed for too long
bar-hours = not free in the next seven days
bar-age = too young for this risk
bar-insurance = this risk needs insurance
bar-own-paused = You have paused. Press “Go on” below when you want to be asked again.
bar-own-consent = You have not agreed to be asked.
bar-own-guardian = Under 18 you are asked once a guardian has agreed.
bar-own-stale = You have not confirmed your details for long. If nothing changed, press “All still right”.
bar-own-hours = You gave no free time in the next seven days.
certificate-open = to be looked at
certificate-verified = seen
certificate-refused = not accepted
certificate-revoked = withdrawn
certificate-expired = run out
help-skills = What you can help with
help-needs-certificate = (needs a certificate)
help-when = When you are usually free
help-when-hint = Tap to choose. You are asked only for times when you are free.
help-free = free
help-reach = How far you would go
help-capacity = How often a week, at most
help-km = up to { $n } km
help-times = { $n } a week
help-way = How we ask you
join-page = I want to help
join-title = I want to help
join-lead = No account, two minutes. When somebody needs help that fits you, we ask you. You decide each time; saying no has no consequence.
join-wanted = Near by, { $needs } tasks need help now; { $n } more people are wanted.
join-wanted-none = Nobody near by is waiting for help just now. Sign up, and we ask when there is a need.
join-known = Signed up before? Open your own page
join-name = Name
join-name-hint = Your real name, for insurance and for the certificate of your hours.
join-phone-hint = Coordinators see it only after saying why, and every look is on record.
join-age = Age
join-adult = 18 or older
join-minor = Under 18
join-minor-more = If you are under 18
join-born = Date of birth
join-guardian = Name and phone of a parent or guardian
join-guardian-hint = Such as: Wang Fang 13900001234. They must agree that you take part.
join-consent-title = What we keep
join-consent-kept = Your name, phone and date of birth are encrypted and used only to reach you and to certify your hours. No identity number, no address.
join-consent-seen = You are on no public page and in no public list. Staff see your family name and community.
join-consent-often = We ask at most { $n } times a week. Saying no has no consequence, and nobody is ranked.
join-consent-fades = After { $n } days without a word from you we stop asking. Pause or leave whenever you like; when you leave, your name and phone are destroyed.
join-consent = I agree that this is kept, and that I am asked when something fits
join-send = Sign up
joined-page-title = Signed up
joined-tag = Signed up
joined-title = You are signed up. Thank you
joined-lead = Note the number and the secret, or photograph or print this page. The secret is shown only here.
joined-slip = Slip
joined-code = Number
joined-secret-hint = You need it to open your own page. Tell it to nobody.
joined-page = Your own page:
joined-next = What happens next
joined-next-1 = When something fits, we ask you in the way you chose.
joined-next-2 = Once you say yes, you learn where it is and whom you help.
joined-next-3 = Afterwards your hours are noted, and you can have them certified.
joined-open = Open my page
me-page = Your own page
me-title = Open your own page
me-lead = Change your times, pause or leave: all of it here.
me-secret-hint = The secret on your slip.
me-open = Open
me-new = Not signed up yet
me-lost = Lost the slip? Only you know the secret; we cannot look it up. Sign up again, or let your community’s staff help.
me-hello = Hello, { $name }
me-asked-now = You are asked when something fits
me-not-asked = You are not asked now
me-assure-title = Is all this still right?
me-assured = Last confirmed:
me-assure-why = After { $n } days without confirmation we stop asking, so that nobody is bothered.
me-assure = All still right
me-assured-now = Noted. Thank you.
me-change-title = Change
me-off = Days you cannot
me-off-new = Add a day
me-change = Save
me-changed = Saved.
me-known = What we know of you
me-joined = Signed up
me-counts = Asked and came
me-counts-said = Asked { $asked } times, agreed { $agreed } times,
me-counts-came = came { $n } times.
me-known-seen = Staff see your name and phone only after saying why, and every look is on record.
me-stop = Pause or leave
me-pause-hint = Away, ill or busy? Pause, and press “Go on” when you are back.
me-pause = Pause
me-paused = You have paused and are not asked.
me-go-on = Go on
me-paused-now = Paused. You are not asked any more.
me-goes-on = Welcome back. You are asked when something fits.
me-leave = Leave
me-leave-hint = Your name, phone and date of birth are destroyed at once and cannot be brought back. Hours you gave stay as a number only.
me-leave-now = Leave and destroy my details
me-left = You have left; your name and phone are destroyed. Thank you for your help.
certificates-title = Certificates and insurance
certificates-lead = Skills such as driving or nursing count once staff have seen the certificate.
certificates-none = No certificates yet.
certificates-add = Add a certificate or insurance
certificates-send = Give to staff to look at
certificate-sent = Received. Once staff have looked at it, it shows here.
certificate-of = What it certifies
certificate-title = What stands on it
certificate-title-hint = Such as: nurse’s licence.
certificate-number = Number
certificate-number-hint = Encrypted; used to check it only.
certificate-expires = Valid until
certificate-until = until { $day }
certificate-insurance = Accident insurance
certificate-decide = Look at
certificate-seen-hint = As it stands on the certificate; empty if none does.
certificate-reason = Reason
certificate-verify = Seen, it counts
certificate-refuse = Not accepted
certificate-revoke = Withdraw

## The registry

resources-page = Registry
resources-title = Registry
resources-lead = Who can help and what can be used. Of volunteers only the family name; after { $n } days without confirmation an entry is no longer asked.
resources-filters = Filters
resources-kind = Kind
resources-skill = Can do
resources-show = Show only
resources-show-stale = Not confirmed for too long
resources-show-waiting = With a certificate to look at
resources-total = { $n } entries
resources-empty = Nothing like this
resources-empty-hint = Change the filters, or enter something above.
resources-person = { $name } …
resources-paused = paused
resources-stale = not confirmed for long
resources-assured = Confirmed
resources-asked = May be asked
resources-not-asked = Not asked now
resources-can = What it can do, and when
resources-no-skills = No skills entered.
resources-not-counting = certificate not seen, or run out
resources-parent = Belongs to
resources-members = Members
resources-who = Who this is
resources-why = Why you need the name and phone
resources-why-hint = It stays on the record.
resources-reveal = Show
enter-title = Enter an organisation, venue, vehicle or service
enter-lead = Volunteers sign up themselves under “I want to help”; what is entered here is no person.
enter-name = Name
enter-parent = Number of the organisation or hub it belongs to
enter-parent-hint = Of a member, the number of its organisation.
enter-skills = What it can do
enter-when = When it can be used
enter-reach = How far it goes (km)
enter-capacity = Tasks a week, at most
enter-at-once = Tasks at one time, at most
enter-send = Enter
entered-secret = Give it to them: with the number and this secret they answer offers themselves. It is shown only here.
problem-skills-missing = Tick at least one thing you can do
problem-skill-unknown = One of the skills is not in the list; choose again
problem-hours-missing = Tick at least one time you are free
problem-hours-wrong = The hours are not written as RFC 5545 has them
problem-reach-range = Give 1 to 1000 km
problem-capacity-range = This number is out of bounds; choose one that is offered
problem-days-off-many = Too many days off; pause instead
problem-born-wrong = Choose “18 or older”, or give the date of birth, such as 2009-05-31
problem-guardian-missing = Under 18, a guardian must agree: give their name and phone
problem-branch-unknown = There is no such kind of volunteer; choose again
problem-ask-way-missing = Choose how we ask you
problem-consent-missing = Without your agreement nobody may ask you; tick the box to agree
problem-certificates-many = Too many certificates; at most 30 are kept
problem-certificate-skill = Choose from the list what it certifies
problem-certificate-title = Write what stands on it, in at most 60 characters
problem-certificate-number = The number is too long; at most 60 characters
problem-certificate-expired = This has run out: do not accept it, or give the date that stands on it
problem-kind-missing = Choose what it is; volunteers sign up under “I want to help”
problem-parent-unknown = No organisation has this number: enter it first; a member of a hub has no members

board-page = Board
board-title = Dispatch board
board-lead = The coming seven days: where help is missing, who is free, and what serves all best. A plan proposes; whoever is invited may say no.
board-needs = Open needs
board-wanted = Helpers missing
board-found = Found by the plan
board-waiting = Asked, no answer yet
board-free = Can be asked
board-missing = Gap
board-proof = The plan is worth { $value }; no plan is worth more than { $bound }.
board-took = Made in { $seconds } seconds.
board-what-if = What if
board-plain = Without all of it
board-without = Without
board-unknown = There is no { $name }
board-plan = Needs and plan
board-empty = Nobody waits for help
board-empty-hint = Needs appear here; they can be posted from a case.
board-vulnerable = Vulnerable
board-filled = { $filled } of { $head } said yes
board-asked = { $n ->
    [one] 1 asked
   *[other] { $n } asked
}
board-short = { $n } still missing
board-raise = What if more pressing
board-pin = Pin
board-pinned = Pinned
board-forbid = Not them
board-pin-who = Pin { $who } to { $need }
board-forbid-who = Not { $who } for { $need }
board-invite = { $n ->
    [one] Invite this one
   *[other] Invite these { $n }
}
board-invite-these = Invite { $n } to { $need }
board-invited = { $n ->
    [one] One was invited.
   *[other] { $n } were invited.
}
board-nobody = Nobody near fits, is free and may be asked.
board-nobody-left = { $n ->
    [one] One near would fit, and is needed more elsewhere.
   *[other] { $n } near would fit, and are needed more elsewhere.
}
board-enough = Enough were asked; their answers are awaited.
board-others = Why not others
board-others-of = Why not others for { $need }
board-more = { $n ->
    [one] One more need is in the plan; choose an area to see it.
   *[other] { $n } more needs are in the plan; choose an area to see them.
}
board-why = { $km } km, comes with about { $chance } %
board-kept = { $km } km, kept for a need worth more: { $need }
board-outdone = { $km } km, those chosen fit better
board-weary = { $km } km, did much lately
board-other-time = { $km } km, not free at that time
board-until = until { $when }
board-map = Areas
board-map-label = How many helpers are missing in each area; the table below has the numbers
board-map-hint = The larger a dot, the more helpers are missing; the darker, the fewer the plan finds. Found / missing.
board-places = Helpers by area
board-schedule = Seven days
board-schedule-hint = Each field: found / missing, and how many are free. Fields that lack people and fields that stand idle show at a glance.
board-part = Part
board-cell = { $found } / { $wanted }
board-cell-free = { $n } free
board-teams = Organisations
board-team = Organisation
board-team-booked = Booked
board-team-free = Still free
board-teams-hint = One field for each part of a day: dark is full, light is partly booked, white is free, grey is outside their hours.
board-gaps = The largest gaps by area and skill
board-skill = Skill
board-any-skill = Any
board-wish-pin = { $who } is pinned to { $need }
board-wish-forbid = { $who } is not used for { $need }
board-wish-raise = { $need } is one step more pressing
board-change-found = Helpers found { $change }
board-change-value = Worth of the plan { $change }
board-change-needs = { $n ->
    [one] One need gets somebody else
   *[other] { $n } needs get somebody else
}
board-change-need = { $need }: helpers { $numbers }

## Needs and offers

nav-needs = Needs
nav-board = Board
wanted-page = Help wanted near by
wanted-title = Help wanted near by
wanted-count = { $needs } needs are open; { $n } more helpers are looked for.
wanted-none = Nobody is waiting for help just now.
wanted-join = I want to help
wanted-me = Joined already? Open your page
wanted-empty = Nothing is waiting just now
wanted-empty-hint = You can join now and be asked when something fits.
wanted-how = Who is helped and where they live is not shown here. After you say yes, you are told address and phone.
needs-page = Needs and offers
needs-title = Needs and offers
needs-total = { $n } in all
needs-all = Show all
needs-living = Only those under way
needs-post = Ask for help
needs-empty = No needs under way
needs-empty-hint = When somebody needs help, press “Ask for help”.
needs-what = What
needs-when = When
needs-where = Where
needs-helpers = Helpers
needs-state = State
need-state-open = Looking for helpers
need-state-filled = All helpers found
need-state-done = Over
need-state-expired = Nobody came
need-state-cancelled = Called off
need-priority-1 = Can wait
need-priority-2 = Ordinary
need-priority-4 = Pressing
need-priority-8 = Urgent
need-urgent = Urgent
need-minutes = about { $n } minutes
need-missing = { $n } more wanted
need-post-page = Ask for help
need-post-title = Ask for help
need-post-lead = Then you can invite those near by whom it suits; whether they come is theirs to say.
need-public = What anybody may read
need-public-hint = Do not write who is helped or where they live. Phone and identity numbers are taken out.
need-title = What is to be done, in a few words
need-title-hint = Such as: go along to the doctor.
need-text = More about it
need-place = Roughly where
need-place-hint = Such as: around Huaishuli. No house number.
need-skills = What helpers must be able to do
need-head = How many helpers
need-day = Day
need-from = From
need-until = Until
need-length = About how many minutes
need-length-hint = It must fit into one part of the day: morning, afternoon or evening.
need-risk = Risk
need-risk-text = What is risky, and how to be safe
need-risk-text-hint = Write “nothing” where nothing is. Those invited read it.
need-priority = How pressing
need-vulnerable = The one helped is old, a child, ill or disabled
need-vulnerable-tag = Vulnerable
need-who = Who is helped
need-who-hint = Encrypted, and shown only to those who said yes, until it is over.
need-name = Name
need-address = Address
need-send = Ask
need-posted-page = Posted
need-posted-tag = Posted
need-posted-title = The need is posted
need-posted-lead = Give the code and the secret below to the one who is helped. The secret is shown only here, once.
need-slip = For the one who is helped
need-secret = Secret
need-slip-hint = With both they see who comes and when, say that the helper is there, and confirm the hours.
need-go-on = Invite people
need-page = Need
need-case = From a case
need-filled = { $filled } of { $head } helpers found
need-offers = Invitations ({ $n })
need-offers-none = Nobody was invited yet.
need-answer-until = answer by { $when }
need-confirmed = { $n } minutes confirmed
need-digits = Meeting code: { $digits } (tell it by phone to those without a mobile)
need-settle = Minutes the one helped told you
need-settle-hint = Ask the one who was helped; no more than the helper said.
need-settle-send = Confirm for them
need-withdraw = Take back
need-missed = Did not come
need-candidates = Who can be invited
need-candidates-hint = By how well it fits, to choose from; this is no ranking. A no, or not coming, has no consequence.
need-candidates-none = Nobody near by can be invited now. The reasons are below.
need-invite-best = Invite the best { $n }
need-invite = Invite
need-km = { $km } km
need-chance = { $n }% likely
need-week = { $n } tasks this week
need-barred = { $n } more near by who cannot be invited now
need-change-title = Change or call off
need-change = Save
need-cancel = Call this need off
need-cancel-why = Why it is called off
need-cancel-hint = Those invited read it; do not write who is helped.
offer-invited = Waiting for an answer
offer-accepted = Said yes
offer-declined = Cannot come
offer-expired = No answer
offer-withdrawn = Taken back
offer-checked_in = There
offer-done = Done
offer-no_show = Did not come
offer-own-invited = Can you help?
offer-own-accepted = You said yes
offer-own-declined = You said no
offer-own-expired = The time to answer is over
offer-own-withdrawn = Not needed any more
offer-own-checked_in = You are helping
offer-own-done = Done, thank you
offer-own-no_show = It did not come about
own-offers = What you are asked for
own-whom = You help
own-contact-hint = Keep it to yourself, and use it for nothing else. It is gone from here when you are done.
own-until = Answer by { $when }.
own-yes = I will come
own-no = Not this time
own-no-hint = A no needs no reason and has no consequence.
own-agreement = I have read the written agreement, know the risk and agree
own-digits = Meeting code
own-digits-hint = Ask the one you help for their six digits when you are there.
own-here = I am here
own-cannot = I cannot come after all
own-minutes = How many minutes it took
own-done = Done
own-said = You said { $n } minutes.
own-answered-yes = Thank you. Address and phone are below.
own-answered-no = That is all right. We will ask somebody else.
own-arrived = Noted.
own-finished = Thank you. The hours count when the one you helped has confirmed them.
serve-page = Somebody comes to help
serve-title = Who comes to help, and when
serve-lead = Type the secret of your slip to see it.
serve-secret-hint = The secret beside the code on your slip.
serve-none = Nobody has said yes so far. When somebody does, it stands here.
serve-helper = { $name }
serve-digits = Meeting code, for the helper when they are there:
serve-arrived = The helper is here
serve-said = The helper said { $n } minutes.
serve-minutes = How many minutes was it
serve-confirm = Confirm
verify-page = Certificate of service
verify-title = Certificate of volunteer service
verify-true = This certificate is genuine and stands.
verify-false = This certificate does not say what it said when it was given; do not rely on it.
verify-revoked = This certificate was taken back: { $why }
verify-says = What it says
verify-holder = Given to
verify-days = Days
verify-hours = Confirmed
verify-times = { $n } times
verify-issued = Given by
verify-hint = The hours were confirmed by those who were helped. It is free, and anybody with the code can verify it.
verify-revoke = Take this certificate back
verify-revoke-now = Take back
service-title = Give a certificate of service
service-hint = It counts only what those who were helped have confirmed.
service-from = First day
service-until = Last day
service-give = Give
bar-skills = Lacks a skill, or its certificate is not verified
bar-taken = Promised elsewhere at that time
bar-capacity = Has as many tasks this week as it takes
bar-far = Too far away
bar-budget = Was invited often enough this week
bar-again = Was asked for this already
problem-need-title-missing = Say in a few words what is to be done
problem-need-address-missing = Give the address, at most 200 characters; only those who said yes see it
problem-need-case-closed = The case is closed; ask for help without it
problem-need-part-unknown = The case has no such part
problem-need-early = It is more than seven days ahead; invite people nearer the time
problem-head-range = Use 1 to 1000 helpers
problem-head-below = More have agreed already; take an invitation back first
problem-priority-unknown = Choose how pressing it is
problem-risk-unknown = Choose a risk
problem-risk-text-missing = Say what is risky; write “nothing” where nothing is
problem-item-unknown = Choose an item from the list
problem-minutes-range = Use 5 to 1440 minutes
problem-window-order = The end must be after the beginning
problem-window-past = This is in the past; choose a time to come
problem-window-far = Ask at most 90 days ahead
problem-window-part = It does not fit: morning, afternoon and evening count apart. Ask for less, or for each on its own
problem-window-held = Somebody was invited for this time; call it off and post it anew
problem-offer-left = They have left
problem-offer-paused = They have paused and cannot be invited
problem-offer-consent = They have not agreed to be asked
problem-offer-guardian = They are under 18 and no guardian has agreed
problem-offer-stale = Nobody has confirmed their entry for long
problem-offer-hours = They are not free at that time
problem-offer-age = They are too young for this risk
problem-offer-insurance = This risk asks for insurance; they have none, or it has run out
problem-offer-skills = They lack a skill, or its certificate is not verified
problem-offer-taken = They have just been promised elsewhere at that time; invite the next one
problem-offer-capacity = They have as many tasks this week as they take
problem-offer-far = They are too far away
problem-offer-budget = They were invited often enough this week
problem-offer-again = They were asked for this already
problem-offer-nobody = Nobody more can be invited now: enough were asked, or nobody near by fits
problem-resource-unknown = There is no such number
problem-agreement-missing = This is dangerous: read the written agreement and tick the box, or say no
problem-digits-wrong = These are not the six digits; ask the one you help for them
problem-check-in-time = It is too early, or the time is over
problem-served-range = Use 1 up to two hours more than was planned
problem-confirm-range = No more minutes than the helper said
problem-no-show-early = The time has not come; you can take the invitation back
problem-service-none = Nothing was confirmed in these days
case-needs = Ask for helpers

# Goods in stock
nav-stocks = Goods
stocks-page = Goods
stocks-title = Goods
stocks-hint = What there is, what expires soon, what is still asked for; every piece on record from giver to receiver.
stocks-plan = See how to share out
stocks-items = What there is
stocks-empty = No goods yet
stocks-empty-hint = Open a stock first, then enter what was brought.
stocks-soon = Expiring soon, or no longer given out
stocks-wants = Asked for and not covered
stocks-wants-none = Nothing is lacking at present.
stocks-count = { $n ->
    [one] One stock
   *[other] { $n } stocks
 }
stocks-none = There is no stock here yet.
stocks-open-title = Open a stock
stocks-name = Name of the stock
stocks-name-hint = What people call it, such as “Wangjiang relief store”
stocks-open = Open the stock
goods-figure-reached = Gifts that arrived in time
goods-figure-idle = Idle share
goods-figure-of = { $a } of { $b } units
goods-how-reached = Of all that was given in the last year, { $n } days ago or earlier: the units somebody signed for within { $n } days. A box, a bag and a piece each count as one unit.
goods-how-idle = Of all that is in stock: the units that came more than { $n } days ago and are kept for nobody. A box, a bag and a piece each count as one unit.
goods-item = Goods
goods-on-hand = In stock
goods-free = Free
goods-kept = Kept
goods-way = On the way
goods-missing = Lacking
goods-missing-of = { $missing } lacking of { $asked }
goods-until = until
goods-expires = Good until
goods-expires-hint = Needed for food, medicine and the like, as printed on the packing
goods-expires-on = Good until { $day }
goods-keeps = Does not expire
goods-too-soon = Expires too soon to be given out
goods-expired = Expired
goods-days = { $n ->
    [0] Last day to give out
    [one] One day left to give out
   *[other] { $n } days left to give out
 }
goods-quantity = Quantity
goods-donor = Giver
goods-donor-hint = May be left out. A name that is not public is kept encrypted
goods-named = The giver agrees to be named in public
goods-document = Number of the paper
goods-note = Note
goods-received = Taken in
goods-keep = Keep for it
stock-page = Stock
stock-donate-title = Enter goods that were brought
stock-donate = Take in and make the receipt
stock-lots = { $n ->
    [one] One lot
   *[other] { $n } lots
 }
stock-empty = The stock is empty
stock-empty-hint = Enter the first goods above.
goods-plan-page = How to share out
goods-plan-title = How to share out the goods
goods-plan-hint = All stocks and needs were compared; this is the best way to share out as a whole. Looking keeps nothing; “Keep for it” does.
goods-plan-empty = Nothing to share out
goods-plan-empty-hint = Either nothing is lacking, or no stock has what is asked for.
goods-plan-why = Why this way
goods-plan-proof = Worth { $value } in all; it is checked that no other way is worth more.
goods-uncovered = Still lacking after that
goods-why-priority = How urgent: { $n } (of 1, 2, 4, 8)
goods-why-vulnerable = For people in hardship, first
goods-why-way = About { $km } km apart
goods-why-value = Worth of one unit: { $value }
goods-why-prices = One more of the lot would bring { $lot }, one more asked for { $need }
lot-page = Lot
lot-public = What the giver sees
lot-donor-sealed = { $name } (not public)
lot-donor-none = Not named
lot-trail = The paper trail
lot-commit-title = Keep some for a need
lot-need = Need
lot-need-hint = Only needs that ask for these goods and lack some
lot-unwanted = No need asks for these goods at present.
lot-reverse-title = Entered wrongly?
lot-reverse = Take this line back
lot-count-title = Stock-taking
lot-counted = Quantity counted
lot-counted-hint = What is really there, what is kept included
lot-count = Correct by the count
lot-spoil-title = Spoiled or broken
lot-spoil = Book as spoiled
trail-donated = { $quantity } came into “{ $place }”
trail-committed = { $quantity } kept for “{ $place }”
trail-released = { $quantity } no longer kept for “{ $place }”
trail-sent = { $quantity } sent to “{ $place }”
trail-received = { $quantity } arrived at “{ $place }”
trail-signed = , signed by { $name }
trail-returned = { $quantity } came back from the way to “{ $place }”
trail-lost = { $quantity } lost on the way to “{ $place }”
trail-spoiled = { $quantity } spoiled
trail-more = Counting found { $quantity } more
trail-fewer = Counting found { $quantity } fewer
trail-reversed = Takes back line { $number } ({ $quantity })
consignment-page = Delivery slip
consignment-committed = Kept
consignment-sent = On the way
consignment-settled = All accounted for
consignment-released = Given back
slip-title = Delivery slip
slip-lot = Lot
slip-kept = Kept
slip-way = On the way
slip-received = Signed for
slip-returned = Came back
slip-lost = Lost on the way
slip-released = No longer kept
slip-from = From
slip-to = To
slip-signed = Signed
slip-word = Word to sign with
slip-scan = The receiver scans to sign; the word stands below
slip-by-hand = Signature: ____________  Quantity taken: ______  Date: __________
slip-word-hint = For the receiver: scan the code and enter this word to sign.
slip-send-title = Send
slip-carrier = Who carries it, or a note
slip-send = Send and print the slip
slip-receive-title = Enter who received it
slip-receive-hint = Where the receiver cannot scan, whoever brings it enters it. What was not taken is entered below as brought back or lost.
slip-receiver = Name of the receiver
slip-receiver-hint = Kept encrypted, never public
slip-receive = Enter as received
slip-back-title = Did some not arrive?
slip-back = Back in the stock
slip-lose = Lost on the way
slip-release-title = No longer keep it
slip-release = Give it back to the stock
donation-page = What became of a gift
donation-title = What became of your gift
donation-lead = Thank you. With the number of the receipt you can see at any time where it went.
donation-number = Number of the receipt
donation-given = Given
donation-reached = In somebody’s hands
donation-here = Still in stock
donation-trail = Step by step
donation-private = To protect those who are helped, nobody is named here.
receipt-page = Sign for goods
receipt-title = Sign for goods
receipt-way = { $quantity } { $unit } are brought to you.
receipt-quantity = How much you take
receipt-quantity-hint = Leave out what you do not take; it goes back
receipt-word-hint = The 8 characters printed on the slip
receipt-sign = Sign
receipt-signed = Signed, thank you.
receipt-nothing = All goods of this slip are accounted for; there is nothing to sign.
problem-stock-name-missing = Give the stock a name by which people find it
problem-donor-missing = Give the name to be shown, or untick it
problem-expiry-missing = These goods expire: give the day on the packing
problem-expiry-wrong = Write the day like 2026-11-30
problem-goods-expired = Expired; nobody can be given it
problem-goods-too-soon = Expires too soon to be given out; take another lot, or book it as spoiled
problem-goods-quantity = Write the quantity as a whole number, 1 to 1000000
problem-goods-more = There is not so much left for it; compare with what stands there now
problem-goods-full = The ledger of this lot is full
problem-goods-beyond = More than this need still lacks
problem-count-same = The same as in the ledger; nothing to correct
problem-count-kept = Fewer than are kept for needs; give some back first
problem-need-unknown = Choose a need from the list
problem-need-other-item = This need asks for other goods
problem-need-over = This need is over; choose another
problem-receiver-missing = Write who took it
problem-receipt-word = Not the word of this slip; compare it once more
