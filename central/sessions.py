"""Officers in a browser: signing in by name and PIN, the session cookie, the word that every form carries."""

import hmac
from dataclasses import dataclass

from fastapi import Request, Response

from central import staff
from central.callers import address
from central.centre import Centre
from central.rejection import Rejection
from central.staff import Officer, Right

COOKIE = "desk_session"

GOALS = ("/desk", "/fleet", "/places")
"""Pages to which signing in may lead."""


@dataclass(frozen=True)
class Session:
    """An officer who is signed in, and the word for her forms."""

    officer: Officer
    form_token: str


class SignInNeeded(Exception):
    """Nobody is signed in: show the sign-in page."""


def current(request: Request, centre: Centre, right: Right) -> Session:
    """Who is signed in; SignInNeeded, or Rejection (403) where her role lacks the right."""
    token = request.cookies.get(COOKIE, "")
    with centre.store.read() as session:
        officer = staff.whose(session, token, centre.at(), browser=True) if token else None
    if officer is None:
        raise SignInNeeded
    if not officer.may(right):
        raise Rejection(403, "role-missing", "Your role does not include this.")
    return Session(officer, staff.form_token(token))


def posted(request: Request, centre: Centre, right: Right, word: str) -> Session:
    """Who is signed in and sent this form from one of our pages; Rejection (403) for a form from elsewhere."""
    session = current(request, centre, right)
    if not hmac.compare_digest(word.encode(), session.form_token.encode()):
        raise Rejection(403, "form-expired", "This form is from another session; load the page again.")
    return session


def sign_in(request: Request, response: Response, centre: Centre, name: str, pin: str) -> bool:
    """Try a name and a PIN; True sets the cookie. Wrong ones are counted by address and by account."""
    centre.guesses.check(address(request))
    with centre.store.write() as session:
        found = staff.sign_in(session, name.strip(), pin, centre.at(), centre.options.session_h)
    if found is None:
        centre.guesses.count(address(request))
        return False
    response.set_cookie(
        COOKIE,
        found[1],
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
        max_age=centre.options.session_h * 3600,
    )
    return True


def sign_out(request: Request, response: Response, centre: Centre) -> None:
    """End the session here and at the browser."""
    token = request.cookies.get(COOKIE, "")
    if token:
        with centre.store.write() as session:
            staff.sign_out(session, token)
    response.delete_cookie(COOKIE)
