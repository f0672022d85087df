//! IAM's wildcards: `*` stands for any run of characters, `?` for one.
//!
//! Source: IAM User Guide, "IAM JSON policy elements: Action" and "Resource".

/// Whether `text` fits `pattern`. Linear in time for one star, at worst their product; policies are
/// at most a few kilobytes.
pub fn matches(pattern: &str, text: &str) -> bool {
    matches_bytes(pattern.as_bytes(), text.as_bytes(), |a, b| a == b)
}

/// The same without regard to ASCII case, as actions are compared.
pub fn matches_action(pattern: &str, action: &str) -> bool {
    matches_bytes(pattern.as_bytes(), action.as_bytes(), |a, b| a.eq_ignore_ascii_case(&b))
}

fn matches_bytes(pattern: &[u8], text: &[u8], same: impl Fn(u8, u8) -> bool) -> bool {
    let (mut p, mut t) = (0, 0);
    // Where to go on after the last star when what followed it did not fit.
    let mut retry: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some(b'*') => {
                retry = Some((p + 1, t));
                p += 1;
            }
            Some(&c) if c == b'?' || same(c, text[t]) => {
                p += 1;
                t += 1;
            }
            _ => match retry {
                Some((after_star, from)) => {
                    retry = Some((after_star, from + 1));
                    p = after_star;
                    t = from + 1;
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|&c| c == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards() {
        for (pattern, action, expected) in [
            ("*", "iam:PutRolePolicy", true),
            ("*:*", "iam:PutRolePolicy", true),
            ("iam:*", "iam:PutRolePolicy", true),
            ("IAM:put*policy", "iam:PutRolePolicy", true),
            ("iam:Put????Policy", "iam:PutRolePolicy", true),
            ("iam:Put???Policy", "iam:PutRolePolicy", false),
            ("iam:*Role*", "iam:PutRolePolicy", true),
            ("iam:*User*", "iam:PutRolePolicy", false),
            ("", "iam:PutRolePolicy", false),
            ("iam:PutRolePolicy*", "iam:PutRolePolicy", true),
            ("*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false),
        ] {
            assert_eq!(matches_action(pattern, action), expected, "{pattern}");
        }
        assert!(!matches("arn:aws:s3:::A", "arn:aws:s3:::a"));
    }
}
