//! What the pages say.

use std::time::Duration;

use isobar_app::{Account, App, DrawRequest, Drawing, Format, Freshness, Scope, Snapshot, Source, regions};
use isobar_model::{AccountId, Arn, Partition, Region, Timestamp};

use super::html::Page;
use crate::state::State;
use crate::{ApiError, query};

/// How long the page itself waits for a drawing before it says that a scan runs.
const PATIENCE: Duration = Duration::from_millis(2500);
/// After how many seconds the page looks again while a scan runs.
const LOOK_AGAIN: u32 = 3;

fn begin(title: &str, look_again: Option<&str>) -> Page {
    let mut page = Page::default();
    page.raw("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
        .raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>")
        .text(title)
        .raw("</title><link rel=\"icon\" type=\"image/svg+xml\" href=\"/assets/mark.svg\">")
        .raw("<link rel=\"stylesheet\" href=\"/assets/page.css\">");
    if let Some(link) = look_again {
        page.raw("<meta http-equiv=\"refresh\"")
            .attribute("content", &format!("{LOOK_AGAIN}; url={link}"))
            .raw(">");
    }
    page.raw("</head><body>");
    page
}

fn end(mut page: Page) -> String {
    page.raw("</body></html>\n");
    page.finish()
}

/// The sign-in form.
pub(super) fn sign_in(demo: bool, notice: Option<&str>) -> String {
    let mut page = begin("Sign in - isobar", None);
    page.raw(
        "<main class=\"alone\"><div class=\"card\"><img src=\"/assets/mark.svg\" alt=\"\"><h1>isobar</h1>",
    );
    page.raw(if demo {
        "<p>This is the demo. Open the link that the command printed, or paste its API key.</p>"
    } else {
        "<p>Paste an API key to see your accounts. It stays on this server; the browser gets a session cookie.</p>"
    });
    if let Some(notice) = notice {
        page.raw("<div class=\"note\" role=\"status\"><p>").text(notice).raw("</p></div>");
    }
    page.raw(
        "<form method=\"post\" action=\"/\"><label class=\"field\"><span>API key</span>\
         <input type=\"password\" name=\"key\" required autofocus autocomplete=\"current-password\" \
         spellcheck=\"false\"></label><button class=\"main-button\">Sign in</button></form></div></main>",
    );
    end(page)
}

/// A page that could not be made.
pub(super) fn failure(error: &ApiError) -> String {
    let mut page = begin("isobar", None);
    page.raw("<main class=\"alone\"><div class=\"card\"><img src=\"/assets/mark.svg\" alt=\"\"><h1>");
    page.raw("That did not work</h1><div class=\"note bad\" role=\"alert\"><p>").text(&error.error);
    page.raw("</p></div><p><a href=\"/\">Back to the start</a></p></div></main>");
    end(page)
}

/// What the page's form chose.
struct Choice {
    account: Option<AccountId>,
    region: Option<String>,
    projection: String,
    theme: String,
    filter: String,
    label: bool,
    edges: bool,
}

impl Choice {
    fn read(pairs: &[(String, String)]) -> Self {
        let text = |name: &str| query::value(pairs, name).unwrap_or_default().trim().to_owned();
        // A tick that is off is not sent at all; `set` tells a sent form from a plain link.
        let set = query::value(pairs, "set").is_some();
        let tick = |name: &str| !set || query::value(pairs, name).is_some();
        let one_of = |name: &str, words: [&str; 2], default: &str| {
            let word = text(name);
            if words.contains(&word.as_str()) { word } else { default.to_owned() }
        };
        Self {
            account: AccountId::parse(&text("account")).ok(),
            region: Some(text("region")).filter(|text| !text.is_empty()),
            projection: one_of("projection", ["isometric", "2d"], "isometric"),
            theme: one_of("theme", ["light", "dark"], "auto"),
            filter: text("filter"),
            label: tick("label"),
            edges: tick("edges"),
        }
    }

    /// The drawing's options as the API's query.
    fn api_query(&self, theme: &str) -> String {
        let mut query = format!("projection={}&theme={theme}", self.projection);
        if !self.filter.is_empty() {
            query.push_str(&format!("&filter={}", query::encode(&self.filter)));
        }
        if !self.label {
            query.push_str("&label=false");
        }
        if !self.edges {
            query.push_str("&autoconnect=false");
        }
        query
    }

    /// The link to this page with these choices.
    fn link(&self, account: AccountId, region: &str) -> String {
        let (label, edges) =
            (if self.label { "&label=1" } else { "" }, if self.edges { "&edges=1" } else { "" });
        format!(
            "/?set=1&account={account}&region={}&projection={}&theme={}&filter={}{label}{edges}",
            query::encode(region),
            self.projection,
            self.theme,
            query::encode(&self.filter),
        )
    }
}

/// What came of drawing.
enum Shown {
    Drawing(Box<Drawing>),
    Waiting,
    Failed(String),
}

/// The accounts, and the drawing of the chosen one.
pub(super) async fn workbench(
    state: &State,
    scope: &Scope,
    pairs: &[(String, String)],
) -> Result<String, ApiError> {
    let app = state.app();
    let choice = Choice::read(pairs);
    let accounts = app.accounts(scope).await?;
    let chosen = match choice.account {
        Some(id) => accounts.iter().find(|account| account.id == id),
        None => accounts.first(),
    };
    let Some(account) = chosen else {
        let mut page = begin("isobar", None);
        top(&mut page, app);
        page.raw("<div class=\"bench\"><aside class=\"side\">");
        account_list(&mut page, &accounts, None, &choice);
        page.raw("</aside><main class=\"view\">");
        no_account(&mut page, app, scope, accounts.is_empty()).await;
        page.raw("</main></div>");
        return Ok(end(page));
    };
    let freshness = app.freshness(scope, account.id).await?;
    let region = choice.region.clone().unwrap_or_else(|| first_region(account, &freshness));
    let anew = query::value(pairs, "again").is_some();
    let shown = draw(app, scope, account, &region, &choice, anew).await;
    let link = choice.link(account.id, &region);
    let look_again = matches!(shown, Shown::Waiting).then_some(link.as_str());
    let mut page = begin(&format!("{} {region} - isobar", account.name), look_again);
    top(&mut page, app);
    page.raw("<div class=\"bench\"><aside class=\"side\">");
    account_list(&mut page, &accounts, Some(account), &choice);
    form(&mut page, account, &region, &freshness, &choice, &app.config().extra_regions);
    page.raw("</aside><main class=\"view\">");
    view(&mut page, account, &region, &choice, &shown, &link);
    page.raw("</main></div>");
    Ok(end(page))
}

async fn draw(
    app: &App,
    scope: &Scope,
    account: &Account,
    region: &str,
    choice: &Choice,
    anew: bool,
) -> Shown {
    let theme = if choice.theme == "dark" { "dark" } else { "light" };
    let query = choice.api_query(theme);
    let asked = async {
        let region = regions::parse(region, &app.config().extra_regions)?;
        let pairs = query::pairs(&query)?;
        let pairs = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let request = DrawRequest::new(Format::Svg).set_all(pairs)?;
        Ok::<_, ApiError>(app.snapshot(scope, account.id, &region, request, anew, PATIENCE).await?)
    };
    match asked.await {
        Ok(Snapshot::Ready(drawing)) => {
            Shown::Drawing(Box::new(Drawing { bytes: Vec::new(), ..(*drawing).clone() }))
        }
        Ok(Snapshot::Pending) => Shown::Waiting,
        Err(error) => Shown::Failed(error.error),
    }
}

fn first_region(account: &Account, freshness: &[Freshness]) -> String {
    let scanned = freshness.iter().filter(|scan| !scan.region.is_global());
    let busiest = scanned.max_by_key(|scan| (scan.calls, std::cmp::Reverse(scan.region.as_str())));
    busiest.map_or_else(|| account.region.to_string(), |scan| scan.region.to_string())
}

fn top(page: &mut Page, app: &App) {
    page.raw("<header class=\"top\"><img src=\"/assets/mark.svg\" alt=\"\"><strong>isobar</strong>");
    if app.is_demo() {
        page.raw("<span class=\"badge\">Demo</span>");
    }
    page.raw(
        "<span class=\"space\"></span><a href=\"/docs\">API</a><form method=\"post\" action=\"/\">\
         <button class=\"plain\" name=\"leave\" value=\"1\">Sign out</button></form></header>",
    );
}

fn account_list(page: &mut Page, accounts: &[Account], chosen: Option<&Account>, choice: &Choice) {
    page.raw("<h2>Accounts</h2><ul class=\"accounts\">");
    for account in accounts {
        let plain = Choice { account: None, region: None, filter: String::new(), ..copy(choice) };
        let link = format!("{}&account={}", plain.link(account.id, ""), account.id);
        page.raw("<li><a").attribute("href", &link);
        if chosen.is_some_and(|chosen| chosen.id == account.id) {
            page.raw(" aria-current=\"page\"");
        }
        page.raw(">").text(&account.name).raw("<span>");
        match &account.aws_account {
            Some(id) => page.text(&grouped(id.as_str())),
            None => page.raw("not verified"),
        };
        page.raw("</span></a></li>");
    }
    page.raw("</ul>");
}

fn copy(choice: &Choice) -> Choice {
    Choice {
        account: choice.account,
        region: choice.region.clone(),
        projection: choice.projection.clone(),
        theme: choice.theme.clone(),
        filter: choice.filter.clone(),
        label: choice.label,
        edges: choice.edges,
    }
}

/// `1234 5678 9012`.
fn grouped(digits: &str) -> String {
    digits.as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join(" ")
}

fn form(
    page: &mut Page,
    account: &Account,
    region: &str,
    freshness: &[Freshness],
    choice: &Choice,
    extra: &[Region],
) {
    page.raw("<form method=\"get\" action=\"/\"><input type=\"hidden\" name=\"set\" value=\"1\"><input type=\"hidden\" name=\"account\"");
    page.attribute("value", &account.id.to_string())
        .raw("><label class=\"field\"><span>Region</span><select name=\"region\">");
    let scanned: Vec<&Region> =
        freshness.iter().map(|scan| &scan.region).filter(|r| !r.is_global()).collect();
    let partition = Arn::parse(&account.role_arn).ok().and_then(|arn| Partition::parse(arn.partition()).ok());
    let partition = partition.unwrap_or(Partition::Aws);
    let extra = extra.iter().filter(|region| region.partition() == partition).cloned();
    let known: Vec<Region> = regions::of_partition(partition).chain(extra).collect();
    let listed =
        |name: &str| known.iter().any(|r| r.as_str() == name) || scanned.iter().any(|r| r.as_str() == name);
    if !listed(region) && region != "global" {
        option(page, region, region);
    }
    if !scanned.is_empty() {
        page.raw("<optgroup label=\"Scanned\">");
        scanned.iter().for_each(|r| option(page, r.as_str(), region));
        page.raw("</optgroup>");
    }
    page.raw("<optgroup label=\"All regions\">");
    known.iter().filter(|r| !scanned.contains(r)).for_each(|r| option(page, r.as_str(), region));
    option(page, "global", region);
    page.raw("</optgroup></select></label><label class=\"field\"><span>Filter</span><input type=\"text\" name=\"filter\" placeholder=\"type=ec2 AND env=prod\" spellcheck=\"false\" autocapitalize=\"off\"");
    page.attribute("value", &choice.filter).raw("></label>");
    switch(page, "View", "projection", &[("isometric", "Isometric"), ("2d", "Flat")], &choice.projection);
    switch(page, "Theme", "theme", &[("auto", "Auto"), ("light", "Light"), ("dark", "Dark")], &choice.theme);
    page.raw("<div class=\"ticks\">");
    tick(page, "label", "Names", choice.label);
    tick(page, "edges", "Lines", choice.edges);
    page.raw("</div><button class=\"main-button\">Draw</button></form>");
}

fn option(page: &mut Page, name: &str, chosen: &str) {
    page.raw("<option").attribute("value", name).raw(if name == chosen { " selected>" } else { ">" });
    page.text(name).raw("</option>");
}

fn switch(page: &mut Page, title: &str, name: &str, words: &[(&str, &str)], chosen: &str) {
    page.raw("<fieldset><legend>").text(title).raw("</legend><div class=\"switch\">");
    for (value, word) in words {
        page.raw("<label><input type=\"radio\"").attribute("name", name).attribute("value", value);
        page.raw(if *value == chosen { " checked><span>" } else { "><span>" })
            .text(word)
            .raw("</span></label>");
    }
    page.raw("</div></fieldset>");
}

fn tick(page: &mut Page, name: &str, word: &str, on: bool) {
    page.raw("<label><input type=\"checkbox\" value=\"1\"").attribute("name", name);
    page.raw(if on { " checked>" } else { ">" }).text(word).raw("</label>");
}

fn view(page: &mut Page, account: &Account, region: &str, choice: &Choice, shown: &Shown, link: &str) {
    page.raw("<div class=\"head\"><h1>").text(&account.name).raw("</h1><p>").text(region);
    if let Shown::Drawing(drawing) = shown {
        let count = if drawing.shown == drawing.total {
            format!(", {} resources", drawing.total)
        } else {
            format!(", {} of {} resources", drawing.shown, drawing.total)
        };
        page.text(&count);
        if let Some(at) = drawing.scanned {
            page.text(&format!(", scanned {}", ago(at, Timestamp::now())));
        }
        if account.source != Source::Demo {
            page.raw(" &nbsp; <a").attribute("href", &format!("{link}&again=1")).raw(">Scan again</a>");
        }
    }
    page.raw("</p></div>");
    if let Some(warning) = &account.warning {
        page.raw("<div class=\"note\" role=\"status\"><p>").text(warning).raw("</p></div>");
    }
    match shown {
        Shown::Drawing(drawing) => picture(page, account, region, choice, drawing),
        Shown::Waiting => {
            page.raw("<div class=\"picture\"><div class=\"wait\" role=\"status\"><h2>Reading ").text(region);
            page.raw(
                "</h2><p>The scan runs on the server and goes on when you leave. This page looks again by \
                 itself.</p><div class=\"bar\"></div></div></div>",
            );
        }
        Shown::Failed(error) => {
            page.raw("<div class=\"note bad\" role=\"alert\"><p>").text(error).raw("</p></div>");
        }
    }
}

fn picture(page: &mut Page, account: &Account, region: &str, choice: &Choice, drawing: &Drawing) {
    let url = |format: &str, theme: &str| {
        let region = query::encode(region).replace("%2D", "-");
        format!("/aws/account/{}/{region}/{format}?{}", account.id, choice.api_query(theme))
    };
    let theme = if choice.theme == "dark" { "dark" } else { "light" };
    if !drawing.gaps.is_empty() {
        let count = drawing.gaps.len();
        page.raw("<details class=\"note\"><summary>This picture is partial: ")
            .text(&format!("{count} {} could not be read", if count == 1 { "thing" } else { "things" }))
            .raw("</summary><ul>");
        for gap in &drawing.gaps {
            page.raw("<li>").text(gap).raw("</li>");
        }
        page.raw("</ul></details>");
    }
    if drawing.shown == 0 {
        let why = if choice.filter.is_empty() {
            "There is nothing in this region that isobar draws."
        } else {
            "Nothing matches the filter."
        };
        page.raw("<div class=\"note\" role=\"status\"><p>").text(why).raw("</p></div>");
    }
    page.raw("<div class=\"files\"><span>Download</span>");
    for format in [Format::Svg, Format::Png, Format::WebP, Format::Pdf, Format::MxGraph, Format::Json] {
        let link = format!("{}&download=1", url(format.as_str(), theme));
        let word = if format == Format::MxGraph { "draw.io" } else { format.as_str() };
        page.raw("<a").attribute("href", &link).raw(">").text(word).raw("</a>");
    }
    // The card takes the drawing's own page colour, so that no band shows around it.
    page.raw("</div><div").attribute("class", &format!("picture {}", choice.theme));
    page.raw("><a target=\"_blank\" rel=\"noopener\" title=\"Open in full, to zoom\"");
    page.attribute("href", &url("svg", theme)).raw("><picture>");
    if choice.theme == "auto" {
        page.raw("<source media=\"(prefers-color-scheme: dark)\"")
            .attribute("srcset", &url("svg", "dark"))
            .raw(">");
    }
    let alt = format!("{} in {region}: {} resources", account.name, drawing.shown);
    page.raw("<img").attribute("src", &url("svg", theme)).attribute("alt", &alt).raw("></picture></a></div>");
}

/// `3 minutes ago`.
fn ago(then: Timestamp, now: Timestamp) -> String {
    let count = |n: f64, word: &str| {
        let n = n as u64;
        format!("{n} {word}{} ago", if n == 1 { "" } else { "s" })
    };
    match now.seconds_since(then) {
        s if s < 60.0 => "just now".to_owned(),
        s if s < 3600.0 => count(s / 60.0, "minute"),
        s if s < 86_400.0 => count(s / 3600.0, "hour"),
        s if s < 7.0 * 86_400.0 => count(s / 86_400.0, "day"),
        _ => format!("{} UTC", then.minute()),
    }
}

async fn no_account(page: &mut Page, app: &App, scope: &Scope, empty: bool) {
    page.raw("<div class=\"picture\"><div class=\"wait wide\">");
    if !empty {
        page.raw("<h2>There is no such account</h2><p>It was removed, or it is not shared with you.</p></div></div>");
        return;
    }
    page.raw("<h2>Link your first account</h2>");
    match app.iam_parameters(scope).await {
        Ok(found) => {
            page.raw("<ol><li>Make a role that trusts account <code>").text(found.account_id.as_str());
            page.raw("</code> with the external id <code>").text(&found.external_id.to_string());
            page.raw("</code>: <a target=\"_blank\" rel=\"noopener noreferrer\"")
                .attribute("href", &found.console_url);
            page.raw(
                ">open the AWS console with both filled in</a>, or attach \
                 <a href=\"/aws/account/iamParameters/policy/minimal\">the minimal policy</a>.</li>\
                 <li>Tell isobar: <code>isobar account add --name NAME --role-arn ARN</code></li></ol>",
            );
        }
        Err(error) => {
            page.raw("<p>").text(&error.to_string()).raw("</p>");
        }
    }
    page.raw("</div></div>");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_like_speech() {
        let now = Timestamp::parse("2026-11-22T12:00:00Z").unwrap();
        for (then, words) in [
            ("2026-11-22T11:59:30Z", "just now"),
            ("2026-11-22T11:58:59Z", "1 minute ago"),
            ("2026-11-22T09:00:00Z", "3 hours ago"),
            ("2026-11-20T09:00:00Z", "2 days ago"),
            ("2026-10-01T09:00:00Z", "2026-10-01 09:00 UTC"),
        ] {
            assert_eq!(ago(Timestamp::parse(then).unwrap(), now), words);
        }
        assert_eq!(grouped("123456789012"), "1234 5678 9012");
    }

    #[test]
    fn a_tick_that_is_off_stays_off() {
        let of = |text: &str| Choice::read(&query::pairs(text).unwrap());
        assert!(of("").label && of("").edges);
        let off = of("set=1&edges=1&theme=evil&projection=2d&filter=a+b");
        assert!(!off.label && off.edges);
        assert_eq!(off.api_query("light"), "projection=2d&theme=light&filter=a%20b&label=false");
    }
}
