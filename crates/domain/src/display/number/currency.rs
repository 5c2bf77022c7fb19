//! Currencies, and how many decimals the smallest coin of each takes (ISO 4217): a price in yen has no hundredths.

/// Currencies without a smaller unit.
const WHOLE: &[&str] = &[
    "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND",
    "VUV", "XAF", "XOF", "XPF",
];

/// Currencies whose unit has a thousand parts.
const THOUSANDTHS: &[&str] = &["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"];

/// Every other currency: its unit has a hundred parts.
const HUNDREDTHS: &[&str] = &[
    "AED", "AFN", "ALL", "AMD", "ANG", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT",
    "BGN", "BMD", "BND", "BOB", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD", "CDF", "CHF",
    "CNY", "COP", "CRC", "CUP", "CVE", "CZK", "DKK", "DOP", "DZD", "EGP", "ERN", "ETB", "EUR",
    "FJD", "FKP", "GBP", "GEL", "GHS", "GIP", "GMD", "GTQ", "GYD", "HKD", "HNL", "HTG", "HUF",
    "IDR", "ILS", "INR", "IRR", "JMD", "KES", "KGS", "KHR", "KPW", "KYD", "KZT", "LAK", "LBP",
    "LKR", "LRD", "LSL", "MAD", "MDL", "MGA", "MKD", "MMK", "MNT", "MOP", "MRU", "MUR", "MVR",
    "MWK", "MXN", "MYR", "MZN", "NAD", "NGN", "NIO", "NOK", "NPR", "NZD", "PAB", "PEN", "PGK",
    "PHP", "PKR", "PLN", "QAR", "RON", "RSD", "RUB", "SAR", "SBD", "SCR", "SDG", "SEK", "SGD",
    "SHP", "SLE", "SOS", "SRD", "SSP", "STN", "SVC", "SYP", "SZL", "THB", "TJS", "TMT", "TOP",
    "TRY", "TTD", "TWD", "TZS", "UAH", "USD", "UYU", "UZS", "VED", "VES", "WST", "XCD", "XCG",
    "YER", "ZAR", "ZMW", "ZWG",
];

/// Signs that stand for one currency with hundredths, or for several that have them.
const SIGNS: &[&str] = &["$", "€", "£", "₹", "₺", "₽", "₴", "₪"];

/// How many decimals an amount in this unit is written with; `None` for what is no currency that is known.
pub(in crate::display) fn decimals(unit: &str) -> Option<u32> {
    let unit = unit.trim().to_ascii_uppercase();
    let is_in = |known: &[&str]| known.contains(&unit.as_str());
    match () {
        () if is_in(WHOLE) => Some(0),
        () if is_in(HUNDREDTHS) || is_in(SIGNS) => Some(2),
        () if is_in(THOUSANDTHS) => Some(3),
        () if is_in(&["CLF", "UYW"]) => Some(4),
        () => None,
    }
}

/// Whether this is how a currency is named.
pub(super) fn is_currency(unit: &str) -> bool {
    decimals(unit).is_some() || matches!(unit, "¥" | "₩" | "₫")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_currency_has_the_decimals_of_its_smallest_coin() {
        let cases = [
            ("EUR", Some(2)),
            ("usd", Some(2)),
            (" JPY ", Some(0)),
            ("krw", Some(0)),
            ("KWD", Some(3)),
            ("CLF", Some(4)),
            ("€", Some(2)),
            ("¥", None),
            ("points", None),
            ("", None),
        ];
        for (unit, places) in cases {
            assert_eq!(decimals(unit), places, "{unit}");
        }
        assert!(is_currency("¥") && !is_currency("pcs"));
    }
}
