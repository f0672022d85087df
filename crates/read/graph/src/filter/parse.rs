//! From text to expression: winnow finds the tokens, a bounded descent builds the tree.

use winnow::ascii::multispace0;
use winnow::combinator::{alt, delimited, opt, preceded, repeat};
use winnow::error::{ContextError, ErrMode};
use winnow::prelude::*;
use winnow::stream::LocatingSlice;
use winnow::token::{any, none_of, one_of, take_while};

use super::{Expression, Filter, FilterError};

type Input<'t> = LocatingSlice<&'t str>;
type Parsed<T> = Result<T, ErrMode<ContextError>>;

/// A token and the byte where it begins.
#[derive(Debug, Clone, PartialEq)]
struct Token {
    at: usize,
    is: Is,
}

#[derive(Debug, Clone, PartialEq)]
enum Is {
    Open,
    Close,
    Not,
    And,
    Or,
    Term(Expression),
}

/// The expression of a text; none for one without terms.
pub(super) fn expression(text: &str) -> Result<Option<Expression>, FilterError> {
    let fault = |at: usize, expected| FilterError { offset: text[..at].chars().count(), expected };
    if text.len() > Filter::LONGEST {
        return Err(FilterError { offset: Filter::LONGEST, expected: "a filter of at most 4096 bytes" });
    }
    let tokens = tokens(text).map_err(|(at, expected)| fault(at, expected))?;
    if tokens.is_empty() {
        return Ok(None);
    }
    let mut reader = Reader { tokens: &tokens, next: 0, end: text.len(), depth: 0 };
    let expression = reader.or().map_err(|(at, expected)| fault(at, expected))?;
    match reader.peek() {
        None => Ok(Some(expression)),
        Some(_) => Err(fault(reader.at(), "no closing bracket without an opening one")),
    }
}

type Fault = (usize, &'static str);

fn tokens(text: &str) -> Result<Vec<Token>, Fault> {
    let mut input = LocatingSlice::new(text);
    let mut tokens = Vec::new();
    loop {
        space(&mut input).map_err(|_| (text.len(), "a term"))?;
        let at = text.len() - input.len();
        if input.is_empty() {
            return Ok(tokens);
        }
        let first = input.chars().next().unwrap_or(' ');
        if first == '=' {
            return Err((at, "a key before ="));
        }
        let is = alt(('('.value(Is::Open), ')'.value(Is::Close), '!'.value(Is::Not), term))
            .parse_next(&mut input)
            .map_err(|_| fault_of(text, at))?;
        tokens.push(Token { at, is });
    }
}

/// Why no token begins at `at`, and where that shows.
fn fault_of(text: &str, at: usize) -> Fault {
    let mut input = LocatingSlice::new(&text[at..]);
    let key: Parsed<(String, bool)> = atom(true).parse_next(&mut input);
    let after_key = text.len() - input.len();
    let rest = &text[after_key..];
    match rest.strip_prefix('=') {
        Some(value) if key.is_ok() && !value.starts_with(['"', '\'']) => (after_key + 1, "a value after ="),
        _ => (text.len(), "a closing quote"),
    }
}

/// White space, and commas: Go's client joins its list of filters with them.
fn space(input: &mut Input<'_>) -> Parsed<()> {
    (multispace0, repeat::<_, _, (), _, _>(0.., (one_of(','), multispace0))).void().parse_next(input)
}

/// A word, a pair, or an operator.
fn term(input: &mut Input<'_>) -> Parsed<Is> {
    let (key, quoted) = atom(true).parse_next(input)?;
    let value = opt(preceded('=', value)).parse_next(input)?;
    if value.is_none() && input.starts_with('=') {
        return Err(ErrMode::Backtrack(ContextError::new()));
    }
    let Some(value) = value else {
        return Ok(match key.as_str() {
            "AND" if !quoted => Is::And,
            "OR" if !quoted => Is::Or,
            "NOT" if !quoted => Is::Not,
            _ => Is::Term(Expression::Word(key.to_lowercase())),
        });
    };
    let (key, negated) = match key.strip_suffix('!') {
        Some(key) if !quoted && !key.is_empty() => (key.to_owned(), true),
        _ => (key, false),
    };
    let pair = Expression::Pair { key: key.to_lowercase(), value };
    Ok(Is::Term(if negated { Expression::Not(Box::new(pair)) } else { pair }))
}

/// After `=`: a text, or `*` for any.
fn value(input: &mut Input<'_>) -> Parsed<Option<String>> {
    let (value, quoted) = atom(false).parse_next(input)?;
    Ok((quoted || value != "*").then_some(value))
}

/// A quoted or plain text, and which of them it was. A key ends at `=`, a value may hold it.
fn atom<'t>(is_key: bool) -> impl Parser<Input<'t>, (String, bool), ErrMode<ContextError>> {
    let plain = move |c: char| {
        let ends = c.is_whitespace() || matches!(c, '(' | ')' | ',');
        let ends_key = is_key && matches!(c, '=' | '"' | '\'');
        !ends && !ends_key
    };
    alt((
        quoted('"').map(|text| (text, true)),
        quoted('\'').map(|text| (text, true)),
        (winnow::combinator::not(one_of(['"', '\''])), take_while(1.., plain))
            .map(|(_, text): (_, &str)| (text.to_owned(), false)),
    ))
}

fn quoted<'t>(quote: char) -> impl Parser<Input<'t>, String, ErrMode<ContextError>> {
    let inside = alt((preceded('\\', any), none_of([quote, '\\'])));
    delimited(quote, repeat(0.., inside), quote)
}

struct Reader<'t> {
    tokens: &'t [Token],
    next: usize,
    end: usize,
    depth: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<&Is> {
        self.tokens.get(self.next).map(|token| &token.is)
    }

    fn at(&self) -> usize {
        self.tokens.get(self.next).map_or(self.end, |token| token.at)
    }

    fn or(&mut self) -> Result<Expression, Fault> {
        let mut parts = vec![self.and()?];
        while self.peek() == Some(&Is::Or) {
            self.next += 1;
            parts.push(self.and()?);
        }
        Ok(one_or(parts, Expression::Or))
    }

    fn and(&mut self) -> Result<Expression, Fault> {
        let mut parts = vec![self.not()?];
        loop {
            match self.peek() {
                Some(Is::And) => self.next += 1,
                Some(Is::Not | Is::Open | Is::Term(_)) => {}
                Some(Is::Or | Is::Close) | None => return Ok(one_or(parts, Expression::And)),
            }
            parts.push(self.not()?);
        }
    }

    fn not(&mut self) -> Result<Expression, Fault> {
        if self.depth >= Filter::DEEPEST {
            return Err((self.at(), "brackets and negations nested less deeply"));
        }
        let at = self.at();
        self.depth += 1;
        let expression = match self.peek().cloned() {
            Some(Is::Not) => {
                self.next += 1;
                Expression::Not(Box::new(self.not()?))
            }
            Some(Is::Open) => {
                self.next += 1;
                let inner = self.or()?;
                if self.peek() != Some(&Is::Close) {
                    return Err((self.at(), "a closing bracket"));
                }
                self.next += 1;
                inner
            }
            Some(Is::Term(term)) => {
                self.next += 1;
                term
            }
            Some(Is::And | Is::Or) => return Err((at, "a term before this operator")),
            Some(Is::Close) => return Err((at, "a term before this bracket")),
            None => return Err((at, "a term")),
        };
        self.depth -= 1;
        Ok(expression)
    }
}

/// One part as itself, several joined; a bracket of the same kind inside melts into its surroundings.
fn one_or(mut parts: Vec<Expression>, join: fn(Vec<Expression>) -> Expression) -> Expression {
    if parts.len() == 1 {
        return parts.remove(0);
    }
    let same = std::mem::discriminant(&join(Vec::new()));
    let flat = parts.into_iter().flat_map(|part| {
        if std::mem::discriminant(&part) != same {
            return vec![part];
        }
        match part {
            Expression::And(inner) | Expression::Or(inner) => inner,
            other => vec![other],
        }
    });
    join(flat.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The canonical print of a filter, or `offset: expected`.
    fn check(text: &str, expected: &str) {
        let got = match Filter::parse(text) {
            Ok(filter) => filter.to_string(),
            Err(error) => format!("{}: {}", error.offset, error.expected),
        };
        assert_eq!(got, expected, "{text:?}");
    }

    #[test]
    fn reads_the_documented_forms() {
        check("", "");
        check("  ", "");
        check("type=ec2 AND env=prod", "type=ec2 env=prod");
        check("type=ec2 OR type=rds", "type=ec2 OR type=rds");
        check("NOT platform=linux", "NOT platform=linux");
        check("type=rds AND (env=staging OR env=prod)", "type=rds (env=staging OR env=prod)");
        check(
            "service=wirecraft AND (type=ec2 running OR type=ebs)",
            "service=wirecraft (type=ec2 running OR type=ebs)",
        );
        check("ec2 !running", "ec2 NOT running");
        check("role=bastion OR env=staging", "role=bastion OR env=staging");
        check("172.31.42.142", "172.31.42.142");
    }

    #[test]
    fn commas_quotes_and_case() {
        check("env=dev,type=ec2", "env=dev type=ec2");
        check(" , a ,, b , ", "a b");
        check("\"My Key\"='a, (b)'", "\"my key\"=\"a, (b)\"");
        check(r#""say \"hi\" \\""#, r#""say \"hi\" \\""#);
        check("a or b", "a or b");
        check("\"OR\" x", "or x");
        check("a=b=c", "a=b=c");
        check("aws:autoscaling:groupName=web", "aws:autoscaling:groupname=web");
        check("env=*", "env=*");
        check("env=\"*\"", "env=\"*\"");
        check("env=\"\"", "env=\"\"");
        check("env!=prod", "NOT env=prod");
        check("!(a b) !!c", "NOT (a b) NOT NOT c");
        check("a OR (b OR c) OR d", "a OR b OR c OR d");
        check("이름=웹", "이름=웹");
    }

    #[test]
    fn says_where_a_mistake_is() {
        check("(", "1: a term");
        check("a AND", "5: a term");
        check("OR a", "0: a term before this operator");
        check("a OR OR b", "5: a term before this operator");
        check("(a", "2: a closing bracket");
        check("a)", "1: no closing bracket without an opening one");
        check("()", "1: a term before this bracket");
        check("=x", "0: a key before =");
        check("env=", "4: a value after =");
        check("a env= x", "6: a value after =");
        check("웹 \"open", "7: a closing quote");
        check("env=\"open", "9: a closing quote");
        check(&"(".repeat(60), "48: brackets and negations nested less deeply");
        check(&"a".repeat(5000), "4096: a filter of at most 4096 bytes");
    }

    fn expressions() -> impl Strategy<Value = Expression> {
        let text = "[a-z가-힣 \\\\\"'!*=(),:/.-]{0,6}|and|or|not|AND|OR|NOT";
        let term = prop_oneof![
            text.prop_map(|word| Expression::Word(word.to_lowercase())),
            (text, proptest::option::of(text))
                .prop_map(|(key, value)| Expression::Pair { key: key.to_lowercase(), value }),
        ];
        term.prop_recursive(4, 24, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 2..4).prop_map(|p| one_or(p, Expression::And)),
                proptest::collection::vec(inner.clone(), 2..4).prop_map(|p| one_or(p, Expression::Or)),
                inner.prop_map(|part| Expression::Not(Box::new(part))),
            ]
        })
    }

    proptest! {
        #[test]
        fn any_text_is_answered(text in "[ -~가\\t\"'(),!=]{0,80}|.{0,60}") {
            if let Ok(filter) = Filter::parse(&text) {
                let printed = filter.to_string();
                let again = Filter::parse(&printed).unwrap_or_else(|e| panic!("{printed:?}: {e}"));
                prop_assert_eq!(&again.expression, &filter.expression, "{} -> {}", text, printed);
            }
        }

        #[test]
        fn what_is_printed_reads_the_same(expression in expressions()) {
            let filter = Filter { text: String::new(), expression: Some(expression) };
            let printed = filter.to_string();
            let again = Filter::parse(&printed).unwrap_or_else(|e| panic!("{printed:?}: {e}"));
            prop_assert_eq!(again.expression, filter.expression, "{}", printed);
        }
    }
}
