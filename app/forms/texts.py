"""Texts of form-js in the reader's language: its own English sentences are the keys of its `translate` service."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

FORM_JS: dict[str, Any] = {
    "Field is required.": _l("This field is required."),
    "Field must match pattern {value}.": _l("Does not have the expected form."),
    "Field must have minimum value of {value}.": _l("Must be at least {value}."),
    "Field must have maximum value of {value}.": _l("Must be at most {value}."),
    "Field must have minimum length of {value}.": _l("At least {value} characters are needed."),
    "Field must have maximum length of {value}.": _l("At most {value} characters are allowed."),
    "Field must be a valid international phone number. (e.g. +4930664040900)": _l(
        "Must be an international phone number, such as +8613800000000."
    ),
    "Field must be a valid email.": _l("Must be an e-mail address."),
    "Value is not a number.": _l("Must be a number."),
    "Value is expected to be an integer.": _l("Must be a whole number."),
    "Value is expected to have at most 1 decimal digit.": _l("At most 1 decimal place is allowed."),
    "Value is expected to have at most {value} decimal digits.": _l("At most {value} decimal places are allowed."),
    "Please select a valid value, the two nearest valid values are {previousValue} and {nextValue}.": _l(
        "Choose a valid value; the nearest are {previousValue} and {nextValue}."
    ),
    "Min validation value is not a valid number.": _l("The lower bound is not a number."),
    "Max validation value is not a valid number.": _l("The upper bound is not a number."),
    "Date and time must both be entered.": _l("Enter both date and time."),
    "No content to show.": _l("Nothing to show."),
    "External content couldn't be loaded.": _l("External content could not be loaded."),
    "Increment": _l("Increase"),
    "Decrement": _l("Decrease"),
    "Skip to search": _l("Skip to search"),
    "Remove tag": _l("Remove"),
    "Search": _l("Search"),
    "Select": _l("Choose"),
    "No results": _l("No results"),
    "All values selected": _l("All are chosen"),
    "Nothing to show.": _l("Nothing to show."),
    "{page} of {total}": _l("{page} of {total}"),
    "Previous page": _l("Previous page"),
    "Next page": _l("Next page"),
    "Click to sort by {value} descending": _l("Sort by {value}, falling"),
    "Click to sort by {value} ascending": _l("Sort by {value}, rising"),
    "Click to remove sorting": _l("Do not sort"),
    "No files selected": _l("No files chosen"),
    "{value} files selected": _l("{value} files chosen"),
    "Document reference is not defined.": _l("The document is not named."),
    "Add new": _l("Add"),
    "Collapse": _l("Show less"),
    "Expand all ({value})": _l("Show all ({value})"),
    "Download {fileName}": _l("Download {fileName}"),
    "Unable to download document": _l("The document cannot be downloaded"),
}

PAGE: dict[str, Any] = {
    "send": _l("Send"),
    "sending": _l("Sending…"),
    "saved": _l("Draft kept at {time}"),
    "save_failed": _l("The draft could not be kept; it is still on this page"),
    "fix": _l("Correct the marked fields: {fields}"),
    "choose_files": _l("Choose files"),
    "take_photo": _l("Take or choose a photo"),
    "uploading": _l("Uploading {name}: {percent} %"),
    "upload_failed": _l("{name} was not uploaded: {reason}"),
    "upload_wait": _l("Wait until the uploads are finished."),
    "remove_file": _l("Remove {name}"),
    "no_connection": _l("No connection. What you typed is still here; try again."),
    "refused": _l("It was refused. Reload the page and try again."),
    "place": _l("Place and time"),
    "place_again": _l("Find the place again"),
}


def form_texts() -> dict[str, dict[str, str]]:
    """Both tables as plain texts of this request's language."""
    return {
        "formjs": {key: str(words) for key, words in FORM_JS.items()},
        "page": {key: str(words) for key, words in PAGE.items()},
    }
