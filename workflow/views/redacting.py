"""Taking words out of a text: choose it, say which and why, check; and the answer of another."""

from contextlib import suppress
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from workflow import services
from workflow.access.policy import Rights
from workflow.forms import GovukForm, LongTextField, RadiosField
from workflow.machine.case import Case
from workflow.people.person import Person
from workflow.retention import proposals, redacting
from workflow.retention.copies import DOCUMENTS, PROPOSE, FreeText, free_texts, texts_now
from workflow.retention.passages import MARKS, Passages
from workflow.retention.redaction import Redaction, Rule
from workflow.retention.surveying import Survey, survey
from workflow.views.access import Moment, case_for, moment, person_of, signed_in
from workflow.views.keeping import asked
from workflow.views.proposed import concerning, in_words, is_theirs_to_answer
from workflow.views.step_up import asks_who_it_is, refuse_if_stale

YES, NO = "confirm", "decline"
SEEN, CHECKED, THEN, CHANGE = "seen", "confirmed", "then", "change"


class WordsForm(GovukForm):
    """Which words, by which rule, and why."""

    words = LongTextField(
        "Which words must be taken out?",
        called="the words to take out",
        hint="Exactly as they stand in the text, with their capitals. One name or passage a line",
        words=200,
        rows=3,
    )
    rule = RadiosField(
        "By which rule?", called="by which rule they are taken out", choices=tuple(Rule.choices)
    )
    reason = LongTextField(
        "Why, and who asked for it?",
        called="why the words are taken out",
        hint="All who read this case read this on its timeline, its partners and the Panel too. "
        "Do not repeat the words here",
        words=200,
        rows=4,
    )

    @property
    def passages(self) -> list[str]:
        """The words, passage by passage."""
        lines = (line.strip() for line in self.cleaned.get("words", "").splitlines())
        return list(dict.fromkeys(line for line in lines if line))


class TakeBackForm(GovukForm):
    """Whoever proposed takes it back."""


class SayNoForm(GovukForm):
    """The partner whose view it is leaves the words where they stand."""


class AnswerForm(GovukForm):
    """The second step: by another person."""

    answer = RadiosField(
        "Should these words be taken out?",
        called="whether these words should be taken out",
        choices=(
            (YES, "Yes, take them out of every version", "Nobody can bring them back"),
            (NO, "No, leave the text as it is"),
        ),
    )


@require_safe
@signed_in
def answers(request: HttpRequest, token: str) -> HttpResponse:
    """Every free text to choose from that is theirs, what waits, and what was taken out."""
    now, person = moment(), person_of(request)
    case = _case(request, token, now.on)
    rights = Rights(person, case, now.on)
    theirs, done = _theirs(case, person, rights), concerning(case, person, rights)
    # Who wrote nothing here and may answer nothing learns no more than that.
    if not (theirs or done or rights.may(PROPOSE)):
        raise Http404
    shown = {
        "case": case,
        "against": redacting.held_by(case),
        "groups": _groups(theirs),
        "redactions": done,
        "of_answers": rights.may(PROPOSE),
    }
    return render(request, "workflow/redact.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def words(request: HttpRequest, token: str, key: int, field: str) -> HttpResponse:
    """Says which words of one answer must go; then shows what will be left, and proposes it."""
    now, person = moment(), person_of(request)
    case = _case(request, token, now.on)
    answer = _chosen(case, person, key, field, now.on)
    form = asked(request, WordsForm, on=now.on)
    if request.method == "POST" and request.POST.get(THEN) == CHANGE:
        form = WordsForm.refill(request.POST, on=now.on)
    elif request.method == "POST" and form.is_valid():
        said, reason = form.passages, form.cleaned["reason"]
        wrong = redacting.against(case, answer.place, said, reason)
        if not wrong:
            found, checked = _survey(case, answer, form), request.POST.get(CHECKED) == "yes"
            stale = request.POST.get(SEEN, "") != found.seen
            if stale or not checked:
                return _check(request, case, answer, form, found, changed=stale and checked)
        if not wrong:
            try:
                how: Any = {"by": person, "on": now.on, "at": now.at, "rule": form.cleaned["rule"]}
                redacting.propose(case, answer.place, words=said, reason=reason, **how)
                return redirect("redact", token)
            except services.CannotAdvance as refusal:
                wrong = refusal.reasons
        form.add_reasons(wrong)
    shown = {"case": case, "answer": answer, "form": form, "against": redacting.held_by(case)}
    return render(request, "workflow/redact_words.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def answer(request: HttpRequest, token: str, key: int) -> HttpResponseBase:
    """Another person's answer to a proposal; to whoever made it, a way to take it back."""
    now, person = moment(), person_of(request)
    case = _case(request, token, now.on)
    found = Redaction.objects.filter(case=case, pk=key).first()
    if found is None:
        raise Http404
    rights = Rights(person, case, now.on)
    if not is_theirs_to_answer(found, case, person, rights):
        raise Http404
    if found.state != Redaction.State.PROPOSED:
        return redirect("redact", token)
    return _answer(request, case, proposals.waiting(case, key), now)


@asks_who_it_is
def _answer(request: HttpRequest, case: Case, found: Redaction, now: Moment) -> HttpResponse:
    person = person_of(request)
    own, rights = found.by_id == person.pk, Rights(person, case, now.on)
    only_no = not own and not proposals.may_confirm(person, case, found.document, rights)
    place, passages = proposals.place_of(found), proposals.passages_of(found)
    there = survey(case, place, passages)
    one_button: type[GovukForm] = TakeBackForm if own else SayNoForm
    form = asked(request, one_button if own or only_no else AnswerForm, on=now.on)
    seen = request.POST.get(SEEN, "")
    if request.method == "POST" and seen != there.seen:
        form.add_reasons([redacting.CHANGED])
    elif request.method == "POST" and form.is_valid() and not refuse_if_stale(request, form):
        try:
            how: Any = {"by": person, "on": now.on, "at": now.at}
            if form.cleaned.get("answer") == YES:
                redacting.confirm(case, found.pk, seen=seen, **how)
            else:
                redacting.decline(case, found.pk, **how)
            return redirect("redact", case.token)
        except services.CannotAdvance as refusal:
            form.add_reasons(refusal.reasons)
    shown = {
        "case": case,
        "form": form,
        "found": in_words(found, case, person, rights),
        "own": own,
        "only_no": only_no,
        "words": found.words,
        "rest": [passages.taken_out_of(text) for text in texts_now(case, place)],
        "survey": there,
        "against": redacting.against_confirming(found, on=now.on),
        "again": request.path,
        "hidden": {SEEN: there.seen},
    }
    return render(request, "workflow/redact_answer.html", shown)


def _passages(form: WordsForm) -> Passages:
    return Passages(form.passages, MARKS[Rule(form.cleaned["rule"])])


def _survey(case: Case, answer: FreeText, form: WordsForm) -> Survey:
    return survey(case, answer.place, _passages(form))


def _check(
    request: HttpRequest,
    case: Case,
    answer: FreeText,
    form: WordsForm,
    found: Survey,
    *,
    changed: bool,
) -> HttpResponse:
    """What will be left, before anything is proposed; what was typed travels in the page."""
    said = form.cleaned
    hidden = {name: "\n".join(texts) for name, texts in form.typed().items()}
    shown = {
        "case": case,
        "answer": answer,
        "words": form.passages,
        "rule": Rule(said["rule"]).label,
        "reason": said["reason"],
        "rest": _passages(form).taken_out_of(answer.text),
        "who": DOCUMENTS[answer.place.document].whose.who,
        "survey": found,
        "changed": redacting.CHANGED if changed else "",
        "hidden": {**hidden, SEEN: found.seen},
    }
    return render(request, "workflow/redact_check.html", shown)


def _case(request: HttpRequest, token: str, on: date) -> Case:
    """The case, where words may be proposed to be taken out of something on it by the reader."""
    for act in proposals.acts_of_proposing():
        with suppress(Http404):
            return case_for(request, token, act, on=on)
    raise Http404


def _theirs(case: Case, person: Person, rights: Rights) -> list[FreeText]:
    """The texts out of which the reader may propose to take words."""
    kinds = [name for name, one in DOCUMENTS.items() if rights.may(one.whose.propose)]
    return [
        one
        for one in free_texts(case, on=rights.on, of=kinds)
        if proposals.may_propose(person, case, one.place.document, one.row, rights)
    ]


def _chosen(case: Case, person: Person, key: int, field: str, on: date) -> FreeText:
    for one in _theirs(case, person, Rights(person, case, on)):
        if (one.row.pk, one.address) == (key, field):
            return one
    raise Http404


def _groups(found: list[FreeText]) -> dict[str, list[FreeText]]:
    groups: dict[str, list[FreeText]] = {}
    for one in found:
        groups.setdefault(DOCUMENTS[one.place.document].title, []).append(one)
    return groups
