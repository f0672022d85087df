//! Times between the wires' forms and the one form of the AWS CLI, `2026-11-22T01:00:00+00:00`.
//!
//! In: ISO 8601, RFC 822, seconds since 1970. Out: ISO 8601 in UTC, microseconds only where there are
//! some. A text that is no time is left as it is: a strange date must not cost the whole answer.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::model::TimeFormat;

/// A time that came as text.
pub(crate) fn from_text(text: &str) -> String {
    if let Some(done) = from_usual_iso(text) {
        return done;
    }
    match parse(text) {
        Some(time) => print(time),
        None => text.to_owned(),
    }
}

/// A time that came as seconds since 1970; none outside the years that exist.
pub(crate) fn from_seconds(seconds: f64) -> Option<String> {
    micros(seconds).and_then(|m| Timestamp::from_microsecond(m).ok()).map(print)
}

/// Whole seconds and microseconds, rounded half to even as Python's `fromtimestamp` does.
fn micros(seconds: f64) -> Option<i64> {
    if !seconds.is_finite() || seconds.abs() > 1e12 {
        return None;
    }
    let part = (seconds.fract() * 1e6).round_ties_even();
    Some(seconds.trunc() as i64 * 1_000_000 + part as i64)
}

/// The form nearly all services use, `YYYY-MM-DDTHH:MM:SS[.fff]Z`, without any arithmetic.
fn from_usual_iso(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let form = |at: usize| match at {
        4 | 7 => b'-',
        10 => b'T',
        13 | 16 => b':',
        _ => b'0',
    };
    if bytes.len() < 20 || bytes[bytes.len() - 1] != b'Z' {
        return None;
    }
    let sound = bytes[..19].iter().enumerate().all(|(at, b)| match form(at) {
        b'0' => b.is_ascii_digit(),
        mark => *b == mark,
    });
    if !sound {
        return None;
    }
    let fraction = match &bytes[19..bytes.len() - 1] {
        [] => "",
        [b'.', digits @ ..] if !digits.is_empty() && digits.iter().all(u8::is_ascii_digit) => {
            &text[20..text.len() - 1]
        }
        _ => return None,
    };
    let mut out = String::with_capacity(32);
    out.push_str(&text[..19]);
    let fraction = &fraction[..fraction.len().min(6)];
    if fraction.bytes().any(|b| b != b'0') {
        out.push('.');
        out.push_str(fraction);
        out.extend(std::iter::repeat_n('0', 6 - fraction.len()));
    }
    out.push_str("+00:00");
    Some(out)
}

/// Any form that AWS uses.
fn parse(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(seconds) = text.parse::<f64>() {
        return Timestamp::from_microsecond(micros(seconds)?).ok();
    }
    if let Ok(time) = text.parse::<Timestamp>() {
        return Some(time);
    }
    if let Ok(time) = jiff::fmt::rfc2822::parse(text) {
        return Some(time.timestamp());
    }
    // "2020-01-31T10:00:00+0000", and without any zone, which means UTC.
    if let Ok(time) = Timestamp::strptime("%Y-%m-%dT%H:%M:%S%.f%z", text) {
        return Some(time);
    }
    let civil = text.parse::<DateTime>().ok()?;
    civil.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

fn print(time: Timestamp) -> String {
    let micros = time.as_microsecond().rem_euclid(1_000_000);
    let seconds = time.strftime("%Y-%m-%dT%H:%M:%S");
    if micros == 0 { format!("{seconds}+00:00") } else { format!("{seconds}.{micros:06}+00:00") }
}

/// A time parameter (text or seconds) in the form that a request wants; none where it is no time.
pub(crate) fn to_wire(value: &serde_json::Value, format: TimeFormat) -> Option<serde_json::Value> {
    let time = match value {
        serde_json::Value::Number(n) => Timestamp::from_microsecond(micros(n.as_f64()?)?).ok()?,
        serde_json::Value::String(text) => parse(text)?,
        _ => return None,
    };
    Some(match format {
        TimeFormat::Iso8601 | TimeFormat::Usual => {
            let printed = print(time);
            printed.replace("+00:00", "Z").into()
        }
        TimeFormat::Epoch => {
            let micros = time.as_microsecond();
            if micros % 1_000_000 == 0 { (micros / 1_000_000).into() } else { (micros as f64 / 1e6).into() }
        }
        TimeFormat::Rfc822 => time.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string().into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn all_forms_become_one() {
        for (text, expected) in [
            ("2026-11-22T01:02:03Z", "2026-11-22T01:02:03+00:00"),
            ("2026-11-22T01:02:03.000Z", "2026-11-22T01:02:03+00:00"),
            ("2026-11-22T01:02:03.5Z", "2026-11-22T01:02:03.500000+00:00"),
            ("2026-11-22T01:02:03.123456789Z", "2026-11-22T01:02:03.123456+00:00"),
            ("2026-11-22T01:02:03+01:00", "2026-11-22T00:02:03+00:00"),
            ("2026-11-22T01:02:03+0000", "2026-11-22T01:02:03+00:00"),
            ("2026-11-22T01:02:03.250-0130", "2026-11-22T02:32:03.250000+00:00"),
            ("2026-11-22 01:02:03", "2026-11-22T01:02:03+00:00"),
            ("2026-11-22T01:02:03", "2026-11-22T01:02:03+00:00"),
            ("2026-11-22", "2026-11-22T00:00:00+00:00"),
            ("Wed, 21 Oct 2015 07:28:00 GMT", "2015-10-21T07:28:00+00:00"),
            ("1445412480", "2015-10-21T07:28:00+00:00"),
            ("1445412480.25", "2015-10-21T07:28:00.250000+00:00"),
            ("never", "never"),
            ("2026-11-22T01:02:0xZ", "2026-11-22T01:02:0xZ"),
            ("", ""),
            ("9e99", "9e99"),
        ] {
            assert_eq!(from_text(text), expected, "{text}");
        }
    }

    #[test]
    fn seconds_round_as_python_does() {
        for (seconds, expected) in [
            (0.0, "1970-01-01T00:00:00+00:00"),
            (1_400_000_000.123, "2014-05-13T16:53:20.123000+00:00"),
            (-1.5, "1969-12-31T23:59:58.500000+00:00"),
        ] {
            assert_eq!(from_seconds(seconds).as_deref(), Some(expected));
        }
        assert_eq!(from_seconds(f64::NAN), None);
        assert_eq!(from_seconds(1e300), None);
    }

    #[test]
    fn requests_get_the_form_they_want() {
        let time = json!("2015-10-21T07:28:00Z");
        assert_eq!(to_wire(&time, TimeFormat::Iso8601), Some(json!("2015-10-21T07:28:00Z")));
        assert_eq!(to_wire(&time, TimeFormat::Epoch), Some(json!(1_445_412_480)));
        assert_eq!(to_wire(&time, TimeFormat::Rfc822), Some(json!("Wed, 21 Oct 2015 07:28:00 GMT")));
        assert_eq!(to_wire(&json!(1_445_412_480), TimeFormat::Iso8601), Some(json!("2015-10-21T07:28:00Z")));
        assert_eq!(to_wire(&json!("soon"), TimeFormat::Iso8601), None);
    }
}
