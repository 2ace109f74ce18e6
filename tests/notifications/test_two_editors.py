"""Two people change one page: neither overwrites the other in silence."""

import re

from django.test import Client

from tests.notifications.answers import CHILD, PAGES, at, fill, hidden, sign_in
from tests.story import Cast
from workflow.models import Answers, Case


def test_the_second_save_gets_both_versions_to_compare(
    draft: Case, ada: Client, everyone: Cast
) -> None:
    href = at("page", draft, page="when")
    ben = sign_in(everyone.ben)
    opened = hidden(ben.get(href).content.decode(), "version")
    fill(ada, href, PAGES["when"])
    answer = ben.post(href, {**PAGES["when"], "version": opened, "time": "10:00pm"})
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Ada saved this page at 10:00am" in html
    assert "11:15pm" in html
    assert "10:00pm" in html
    assert _time(draft) == "11:15pm", "nothing was overwritten"


def test_keeping_mine_is_a_choice(draft: Case, ada: Client, everyone: Cast) -> None:
    href = at("page", draft, page="when")
    ben = sign_in(everyone.ben)
    fill(ada, href, PAGES["when"])
    html = ben.post(href, {**PAGES["when"], "version": "0", "time": "10:00pm"}).content.decode()
    mine = _typed_again(html)
    assert mine["time"] == "10:00pm"
    saved = ben.post(href, {**mine, "version": hidden(html, "version"), "then": "mine"})
    assert saved.status_code == 302
    assert _time(draft) == "10:00pm"


def test_mine_can_be_changed_before_it_is_saved(draft: Case, ada: Client, everyone: Cast) -> None:
    href = at("page", draft, page="when")
    ben = sign_in(everyone.ben)
    fill(ada, href, PAGES["when"])
    html = ben.post(href, {**PAGES["when"], "version": "0", "time": "10:00pm"}).content.decode()
    again = {**_typed_again(html), "version": hidden(html, "version"), "then": "edit"}
    form = ben.post(href, again).content.decode()
    assert 'value="10:00pm"' in form
    assert _time(draft) == "11:15pm", "editing saves nothing"
    saved = ben.post(href, {**PAGES["when"], "version": hidden(form, "version"), "time": "9pm"})
    assert saved.status_code == 302
    assert _time(draft) == "9pm"


def test_a_double_click_is_no_conflict(draft: Case, ada: Client) -> None:
    href = at("page", draft, page="when")
    typed = {**PAGES["when"], "version": "0"}
    assert ada.post(href, typed).status_code == 302
    assert ada.post(href, typed).status_code == 302


def test_a_child_removed_meanwhile_is_said_to_be(draft: Case, ada: Client, everyone: Cast) -> None:
    fill(ada, at("item-add", draft, section="children"), CHILD["name"])
    href = at("item-page", draft, section="children", item=1, page="name")
    ben = sign_in(everyone.ben)
    opened = ben.get(href).content.decode()
    remove = at("item-remove", draft, section="children", item=1)
    version = hidden(ada.get(remove).content.decode(), "version")
    assert ada.post(remove, {"sure": "yes", "version": version}).status_code == 302
    gone = ben.post(href, {**CHILD["name"], "version": hidden(opened, "version")})
    assert gone.status_code in (404, 409)
    assert "No child" in ada.get(at("children", draft)).content.decode()


def _time(case: Case) -> str:
    row = Answers.objects.select_related("case").get(case=case, section="when")
    return str(row.answers["time"][0])


def _typed_again(html: str) -> dict[str, str]:
    return dict(re.findall(r'<textarea name="([^"]+)" hidden[^>]*>([^<]*)</textarea>', html))
