"""A form that makes something new makes it once, however often it is sent."""

import pytest
from sqlalchemy import func, select

from marketplace import clock, once
from marketplace.database import db, write
from marketplace.lifecycle import Refusal
from marketplace.once import UsedKey
from marketplace.web.fields import OnceForm

KEY = "0123456789abcdef" * 2


def test_a_key_is_used_up_once(app):
    with write():
        once.use_up(KEY)
    with pytest.raises(Refusal, match="second time"), write():
        once.use_up(KEY)


def test_a_key_of_an_undone_write_can_be_used_again(app):
    with pytest.raises(ZeroDivisionError), write():
        once.use_up(KEY)
        raise ZeroDivisionError
    with write():
        once.use_up(KEY)


@pytest.mark.parametrize("key", [None, "", "short", "x" * 32, KEY + "0", KEY + "\n", "\0" * 32])
def test_a_page_without_a_proper_key_is_refused_clearly(app, key):
    with pytest.raises(Refusal, match="reload"), write():
        once.use_up(key)


def test_old_keys_are_forgotten_and_fresh_ones_kept(app):
    with write():
        once.use_up(KEY)
        db.session.add(UsedKey(key="f" * 32, used_at=clock.technical_now() - 2 * once.KEPT_FOR))
    assert once.forget_old(clock.now()) == 1
    assert once.forget_old(clock.now()) == 0
    assert db.session.scalar(select(func.count()).select_from(UsedKey)) == 1


def test_only_a_fetched_page_brings_a_key(app):
    with app.test_request_context("/", method="GET"):
        assert once.KEY.fullmatch(OnceForm().once.data)
    with app.test_request_context("/", method="POST", data={"comment": "typed"}):
        form = OnceForm()
        assert form.once.data == ""
        with pytest.raises(Refusal, match="incomplete"), write():
            once.use_up(form.once.data)
        assert once.KEY.fullmatch(OnceForm(formdata=None).once.data), "beside a form that is sent"
    with app.test_request_context("/", method="POST", data={"once": KEY}):
        assert OnceForm().once.data == KEY
