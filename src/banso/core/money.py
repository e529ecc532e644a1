"""Money as whole minor units of a currency: sums are exact in any order."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

# ISO 4217, list one: the active codes by the decimals of their minor unit.
_TWO_DECIMALS = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF
CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD
HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK
MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB
SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH
USD UYU UZS VES WST XCD YER ZAR ZMW
"""
_NO_DECIMALS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_THREE_DECIMALS = "BHD IQD JOD KWD LYD OMR TND"
_DECIMALS = {
    **dict.fromkeys(_TWO_DECIMALS.split(), 2),
    **dict.fromkeys(_NO_DECIMALS.split(), 0),
    **dict.fromkeys(_THREE_DECIMALS.split(), 3),
}
CURRENCIES = frozenset(_DECIMALS)


@dataclass(frozen=True)
class Money:
    """`minor` whole minor units (yen, cents) of `currency` (ISO 4217, upper case).
    ValueError for an unknown currency."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        exponent(self.currency)

    @property
    def amount(self) -> Decimal:
        """The amount in major units: Money(1250, "USD").amount is 12.50."""
        return Decimal(self.minor).scaleb(-exponent(self.currency))

    def __add__(self, other: "Money") -> "Money":
        """Exact sum; ValueError for two currencies, which only a dated rate can bring together."""
        if other.currency != self.currency:
            raise ValueError("amounts of two currencies do not add")
        return Money(self.minor + other.minor, self.currency)


def exponent(currency: str) -> int:
    """Decimals of the currency's minor unit: 0 for JPY, 2 for USD, 3 for KWD."""
    try:
        return _DECIMALS[currency]
    except KeyError:
        raise ValueError(f"unknown currency {currency!r}") from None


def from_major(amount: Decimal, currency: str) -> Money:
    """Major units as Money, halves of a minor unit rounded away from zero."""
    return Money(_whole(amount.scaleb(exponent(currency))), currency)


def annualise(amount: Money, *, months: int) -> Money:
    """What an amount paid for `months` months is for twelve, rounded to the minor unit."""
    if months <= 0:
        raise ValueError("a term has at least one month")
    return Money(_whole(Decimal(amount.minor) * 12 / months), amount.currency)


def _whole(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))
