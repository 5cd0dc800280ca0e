"""The own account: absence, language and password."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from tracker import clock
from tracker.accounts import actions
from tracker.accounts.models import Language, Person
from tracker.accounts.sessions import live_sessions_of
from tracker.domain.errors import InvalidInput
from tracker.extensions import db
from tracker.statuses import form_links
from tracker.statuses.models import FormLink
from tracker.web.absences import AbsenceForm, absence_form, absence_of, noted, noted_return
from tracker.web.account.blueprint import blueprint
from tracker.web.account.forms import ChangePasswordForm, LanguageForm
from tracker.web.account.letters import gets_reminders
from tracker.web.account.means import means
from tracker.web.account.signing_in import open_for, required_person
from tracker.web.forms import attach
from tracker.web.viewer import client_address, rights, signed_in


@blueprint.get("/account")
def profile() -> ResponseReturnValue:
    return _page(required_person(), ChangePasswordForm(), 200)


def _page(
    person: Person, form: ChangePasswordForm, status: int, *, away: AbsenceForm | None = None
) -> ResponseReturnValue:
    """The page of the account. `away` is given when it was sent and could not be taken."""
    page = render_template(
        "account/profile.html",
        person=person,
        form=form,
        means=means(),
        form_links=form_links.links_of_person(db.session(), person.id),
        language_form=LanguageForm(language=person.language.value),
        absence=absence_of(person, url=lambda one: url_for("owner.deputy", initiative_id=one.initiative_id)),
        absence_form=away or absence_form(person),
        gets_reminders=gets_reminders(rights()),
        browsers=live_sessions_of(db.session(), person.id, at=clock.real_now()),
        this_browser=viewer.session_id if (viewer := signed_in()) else None,
        typed=away or form,
    )
    return page, status


@blueprint.post("/account/absence")
def be_away() -> ResponseReturnValue:
    """The person is away for some days: the deputies get the reminders meanwhile."""
    person, form = required_person(), AbsenceForm()
    if not noted(form, person):
        db.session.rollback()
        return _page(required_person(), ChangePasswordForm(formdata=None), 400, away=form)
    db.session.commit()
    flash(gettext("Your absence is saved."), "success")
    return redirect(url_for("account.profile") + "#absence", 303)


@blueprint.post("/account/absence/end")
def be_back() -> ResponseReturnValue:
    noted_return(required_person())
    db.session.commit()
    flash(gettext("You are back: reminders go to you again."), "success")
    return redirect(url_for("account.profile") + "#absence", 303)


@blueprint.post("/account/form-links/<int:link_id>/revoke")
def revoke_form_link(link_id: int) -> ResponseReturnValue:
    """The own link in reminders opens nothing any more."""
    person = required_person()
    link = form_links.link_of(db.session(), link_id, FormLink.person_id == person.id)
    if link is None:
        abort(404)
    form_links.revoke(db.session(), link, by=person.id, at=clock.now())
    db.session.commit()
    flash(gettext("The link opens nothing any more. Your reminders lead to the sign-in instead."), "success")
    return redirect(url_for("account.profile"), 303)


@blueprint.post("/account/language")
def change_language() -> ResponseReturnValue:
    person = required_person()
    form = LanguageForm()
    if form.validate_on_submit():
        actions.change_language(person, Language(form.language.data))
        db.session.commit()
        session.pop("language", None)
        flash(gettext("Your language has been saved."), "success")
    return redirect(url_for("account.profile"), 303)


def _is_present(person: Person, password: str) -> bool:
    """Whether it is theirs. Whoever found the browser open guesses no oftener than at the front door."""
    found = actions.check_password(
        db.session(),
        email=person.email,
        password=password,
        address=client_address(),
        at=clock.real_now(),
    )
    return found is not None


@blueprint.post("/account/password")
def change_password() -> ResponseReturnValue:
    """A new password signs the person out everywhere else."""
    person = required_person()
    form = ChangePasswordForm()
    if not means().passwords:
        abort(404)
    valid = form.validate_on_submit()
    if valid and not _is_present(person, form.current.data):
        db.session.commit()  # the failure is counted
        form.current.errors = [gettext("That is not your present password.")]
        valid = False
    if not valid:
        return _page(person, form, 400)
    try:
        actions.choose_password(db.session(), person, form.password.data, at=clock.real_now())
    except InvalidInput as error:
        db.session.rollback()
        attach(form, error)
        return _page(required_person(), form, 400)
    open_for(person)
    db.session.commit()
    flash(gettext("Your password has been changed. Other browsers have been signed out."), "success")
    return redirect(url_for("account.profile"), 303)
