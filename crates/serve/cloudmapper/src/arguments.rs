//! Arguments from a caller elsewhere: four texts, as an agent sends them, made into an argument list.
//!
//! In: a [`Call`], whose texts nobody vouches for. Out: the list that [`crate::parse_confined`] reads.
//! There is no shell: quotes group, backslashes escape, and `;`, `|`, `$(...)` are letters like any
//! others. What a command may do with its options is decided where it is parsed.

use crate::Output;

/// The longest text of arguments that is split.
const LONGEST: usize = 16 << 10;
/// The most arguments of one call.
const MOST: usize = 256;

/// A command line in the four pieces of the tools endpoint.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Call {
    /// The command's name.
    pub action: String,
    /// The account or accounts; left out where empty.
    pub account: String,
    /// The config file; left out where empty.
    pub config: String,
    /// Further arguments in one text.
    pub additional: String,
}

impl Call {
    /// The arguments as a list.
    ///
    /// # Errors
    /// The output to end with instead, exit code 2, where the texts are no arguments.
    pub fn argv(&self) -> Result<Vec<String>, Output> {
        let mut more =
            split(&self.additional).map_err(|problem| usage(&format!("additional_args: {problem}")))?;
        for (name, text) in [("action", &self.action), ("account", &self.account), ("config", &self.config)] {
            if text.chars().any(char::is_control) {
                return Err(usage(&format!("{name}: control characters have no place here")));
            }
            if text.len() > 4096 {
                return Err(usage(&format!("{name}: longer than 4096 bytes")));
            }
        }
        if !self.action.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-') {
            return Err(usage(&format!("there is no command `{}`", escaped(&self.action))));
        }
        let mut argv = vec![self.action.clone()];
        // `=` binds a value to its option, so that no account or file can pass for an option.
        if self.action == "configure" {
            // Its action word comes first, its file is called otherwise, and an account is a name.
            let named = more.iter().any(|word| word.starts_with("--n"));
            let wants = more.first().is_some_and(|word| word.ends_with("-account"));
            argv.append(&mut more);
            if wants && !named && !self.account.is_empty() {
                argv.push(format!("--name={}", self.account));
            }
            if !self.config.is_empty() {
                argv.push(format!("--config-file={}", self.config));
            }
        } else {
            if !self.account.is_empty() {
                argv.push(format!("--account={}", self.account));
            }
            if !self.config.is_empty() {
                argv.push(format!("--config={}", self.config));
            }
            argv.append(&mut more);
        }
        Ok(argv)
    }

    /// The command line as a person would type it, for answers and logs.
    pub fn line(&self) -> String {
        match self.argv() {
            Ok(argv) => std::iter::once("cloudmapper".to_owned())
                .chain(argv.iter().map(|word| quote(word)))
                .collect::<Vec<_>>()
                .join(" "),
            Err(_) => format!("cloudmapper {}", escaped(&self.action)),
        }
    }
}

/// Exit code 2 with a line on stderr.
pub(crate) fn usage(problem: &str) -> Output {
    let mut output = Output { code: 2, ..Output::default() };
    output.note(format!("cloudmapper: error: {problem}"));
    output
}

/// A text without control characters, cut to a sane length.
pub(crate) fn escaped(text: &str) -> String {
    text.chars().take(200).flat_map(char::escape_debug).collect()
}

/// Splits a text as POSIX shells do their words: blanks part them, `'...'` is literal, within `"..."`
/// a backslash escapes `"`, `\`, `$` and a backtick, outside quotes it escapes anything. Nothing is
/// expanded, and nothing is an operator or a comment.
///
/// # Errors
/// A clause that says what is wrong.
pub fn split(text: &str) -> Result<Vec<String>, String> {
    if text.len() > LONGEST {
        return Err(format!("longer than {LONGEST} bytes"));
    }
    if text.contains('\0') {
        return Err("a zero byte has no place here".to_owned());
    }
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            ' ' | '\t' | '\n' | '\r' => words.extend(word.take()),
            '\'' => {
                let word = word.get_or_insert_default();
                loop {
                    match rest.next() {
                        Some('\'') => break,
                        Some(c) => word.push(c),
                        None => return Err("a ' is not closed".to_owned()),
                    }
                }
            }
            '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match rest.next() {
                        Some('"') => break,
                        Some('\\') => match rest.next() {
                            Some('\n') => {}
                            Some(c @ ('"' | '\\' | '$' | '`')) => word.push(c),
                            Some(c) => word.extend(['\\', c]),
                            None => return Err("a \" is not closed".to_owned()),
                        },
                        Some(c) => word.push(c),
                        None => return Err("a \" is not closed".to_owned()),
                    }
                }
            }
            '\\' => match rest.next() {
                Some('\n') => {}
                Some(c) => word.get_or_insert_default().push(c),
                None => return Err("nothing follows the last backslash".to_owned()),
            },
            c => word.get_or_insert_default().push(c),
        }
        if words.len() > MOST {
            return Err(format!("more than {MOST} arguments"));
        }
    }
    words.extend(word);
    Ok(words)
}

/// A word so quoted that [`split`] and any shell give it back.
pub fn quote(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_=./,:@%+".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, expected: &[&str]) {
        assert_eq!(
            split(text).as_deref(),
            Ok(expected.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>().as_slice())
        );
    }

    #[test]
    fn splits_as_shells_do_and_expands_nothing() {
        check("", &[]);
        check("  --json\t--x\n y ", &["--json", "--x", "y"]);
        check("--tags 'Name=a b,c'", &["--tags", "Name=a b,c"]);
        check(r#"--a="b 'c' \"d\" \e $HOME" f\ g ''"#, &[r#"--a=b 'c' "d" \e $HOME"#, "f g", ""]);
        check(
            "; rm -rf / | $(id) `id` && # x > y",
            &[";", "rm", "-rf", "/", "|", "$(id)", "`id`", "&&", "#", "x", ">", "y"],
        );
        check("ab\\\ncd", &["abcd"]);
        for bad in ["'a", "\"a", "\"a\\", "a\\", "a\0b"] {
            assert!(split(bad).is_err(), "{bad:?}");
        }
        assert!(split(&"a ".repeat(MOST + 2)).is_err());
        assert!(split(&"a".repeat(LONGEST + 1)).is_err());
    }

    fn call(action: &str, account: &str, config: &str, additional: &str) -> Result<String, String> {
        let [action, account, config, additional] = [action, account, config, additional].map(str::to_owned);
        Call { action, account, config, additional }.argv().map(|argv| argv.join("|")).map_err(|o| o.stderr)
    }

    #[test]
    fn four_texts_become_arguments() {
        assert_eq!(
            call("audit", "demo", "c.json", "--json").unwrap(),
            "audit|--account=demo|--config=c.json|--json"
        );
        assert_eq!(call("webserver", "", "", "").unwrap(), "webserver");
        // A value never becomes an option, a command never a second one.
        assert_eq!(call("audit", "--log_level", "", "").unwrap(), "audit|--account=--log_level");
        assert_eq!(
            call("audit", "demo; echo PWNED; #", "", "").unwrap(),
            "audit|--account=demo; echo PWNED; #"
        );
        assert_eq!(
            call("configure", "prod", "config.json", "add-account --id 1").unwrap(),
            "configure|add-account|--id|1|--name=prod|--config-file=config.json"
        );
        for bad in ["audit demo", "audit;id", "../x", "a\nb", "$(id)"] {
            assert!(call(bad, "demo", "", "").unwrap_err().contains("cloudmapper: error"), "{bad:?}");
        }
        assert!(call("audit", "a\nb", "", "").is_err() && call("audit", "a", "", "'").is_err());
    }

    #[test]
    fn lines_read_back() {
        let call = Call { action: "audit".into(), account: "a b; c".into(), ..Call::default() };
        assert_eq!(call.line(), "cloudmapper audit '--account=a b; c'");
    }

    proptest! {
        #[test]
        fn any_words_come_back(words in proptest::collection::vec("[^\0]{0,20}", 0..20)) {
            let line = words.iter().map(|w| quote(w)).collect::<Vec<_>>().join(" ");
            prop_assert_eq!(split(&line), Ok(words));
        }

        #[test]
        fn any_text_is_split_or_refused(text in ".{0,200}") {
            if let Ok(words) = split(&text) {
                let line = words.iter().map(|w| quote(w)).collect::<Vec<_>>().join(" ");
                prop_assert_eq!(split(&line), Ok(words));
            }
        }
    }
}
