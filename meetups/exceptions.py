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


class UnknownCodeError(NotFoundError):
    default_code = "unknown_code"
