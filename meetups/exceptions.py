from community.core.errors import ConflictError, InvalidError, NotFoundError


class RsvpClosedError(ConflictError):
    default_code = "rsvp_closed"


class PartyTooLargeError(InvalidError):
    default_code = "party_too_large"


class CodeOfConductError(InvalidError):
    default_code = "code_of_conduct"


class CapacityBelowGoingError(ConflictError):
    default_code = "capacity_below_going"


class NoOfferError(ConflictError):
    default_code = "no_offer"


class NotEnoughPlacesError(ConflictError):
    default_code = "not_enough_places"


class NotesClosedError(ConflictError):
    default_code = "notes_closed"


class ChangedMeanwhileError(ConflictError):
    default_code = "changed_meanwhile"


class RecordedError(ConflictError):
    default_code = "recorded"


class SlotTakenError(ConflictError):
    default_code = "slot_taken"


class DecidedError(ConflictError):
    default_code = "already_decided"


class UnknownCodeError(NotFoundError):
    default_code = "unknown_code"
