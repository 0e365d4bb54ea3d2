//! Digits after the point of the currencies of ISO 4217 (list one, as of 2026).
//!
//! Absent on purpose: names, numeric codes, withdrawn currencies. A code not listed here may still be used; the
//! arrangement's own exponent is then taken as given, with a warning.

const TWO: &str = "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE \
    CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG \
    HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK \
    MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE \
    SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR \
    ZMW ZWG";
const NONE: &str = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";
const THREE: &str = "BHD IQD JOD KWD LYD OMR TND";
const FOUR: &str = "CLF UYW";

/// Digits after the point of a currency of the list.
#[must_use]
pub fn exponent(code: &str) -> Option<u8> {
    [(TWO, 2), (NONE, 0), (THREE, 3), (FOUR, 4)]
        .into_iter()
        .find(|(codes, _)| codes.split(' ').any(|known| known == code))
        .map(|(_, digits)| digits)
}

#[cfg(test)]
mod tests {
    use super::exponent;

    #[test]
    fn exponents_of_every_size() {
        let of = ["CNY", "JPY", "KWD", "CLF", "XTS", "", "CNY KZT"].map(exponent);
        assert_eq!(of, [Some(2), Some(0), Some(3), Some(4), None, None, None]);
    }
}
