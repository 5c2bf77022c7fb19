//! What stands behind the names of the domain name system that begin with `xn--` (RFC 3492).

/// What a browser would show for a name, also behind the `@` of an address, with every letter that is not ASCII as an
/// escape; `None` where no part of it is punycode.
pub(super) fn meaning(name: &str) -> Option<String> {
    match name.rsplit_once('@') {
        Some((whose, host)) => Some(format!("{whose}@{}", of_host(host)?)),
        None => of_host(name),
    }
}

fn of_host(name: &str) -> Option<String> {
    let coded = |label: &str| {
        let (prefix, rest) = label.split_at_checked(4)?;
        (prefix.eq_ignore_ascii_case("xn--") && !rest.is_empty()).then(|| rest.to_owned())
    };
    if !name.split('.').any(|label| coded(label).is_some()) {
        return None;
    }
    let show = |label: &str| match coded(label) {
        None => Some(label.to_owned()),
        Some(rest) => decode(&rest).map(|letters| escaped(&letters)),
    };
    let labels: Option<Vec<String>> = name.split('.').map(show).collect();
    Some(labels.map_or_else(|| "no name at all".to_owned(), |labels| labels.join(".")))
}

fn escaped(letters: &[char]) -> String {
    let one = |c: &char| {
        if c.is_ascii_graphic() { c.to_string() } else { format!("\\u{{{:x}}}", u32::from(*c)) }
    };
    letters.iter().map(one).collect()
}

fn decode(text: &str) -> Option<Vec<char>> {
    let (basic, coded) = text.rsplit_once('-').unwrap_or(("", text));
    let mut out: Vec<char> = basic.chars().collect();
    let (mut n, mut i, mut bias, mut first) = (128_u32, 0_u32, 72_u32, true);
    let mut digits = coded.bytes();
    while digits.len() > 0 {
        let before = i;
        let (mut weight, mut k) = (1_u32, 36_u32);
        loop {
            let digit = digit(digits.next()?)?;
            i = i.checked_add(digit.checked_mul(weight)?)?;
            let threshold = k.saturating_sub(bias).clamp(1, 26);
            if digit < threshold {
                break;
            }
            weight = weight.checked_mul(36 - threshold)?;
            k += 36;
        }
        let length = u32::try_from(out.len()).ok()? + 1;
        bias = adapt(i - before, length, first);
        first = false;
        n = n.checked_add(i / length)?;
        i %= length;
        out.insert(usize::try_from(i).ok()?, char::from_u32(n)?);
        i += 1;
    }
    Some(out)
}

fn digit(byte: u8) -> Option<u32> {
    match byte {
        b'a'..=b'z' => Some(u32::from(byte - b'a')),
        b'A'..=b'Z' => Some(u32::from(byte - b'A')),
        b'0'..=b'9' => Some(u32::from(byte - b'0') + 26),
        _ => None,
    }
}

const fn adapt(delta: u32, length: u32, first: bool) -> u32 {
    let mut delta = if first { delta / 700 } else { delta / 2 };
    delta += delta / length;
    let mut k = 0;
    while delta > 455 {
        delta /= 35;
        k += 36;
    }
    k + 36 * delta / (delta + 38)
}
