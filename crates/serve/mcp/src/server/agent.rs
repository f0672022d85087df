//! The tools of the MCP server.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use isobar_app::{Account, DrawRequest, Drawing, Format, Recording, Scope, Snapshot as Drawn, regions};
use isobar_audit::{Severity, audit, rules};
use isobar_cloudmapper::Call;
use isobar_graph::{Filter, Graph};
use isobar_model::Region;
use rmcp::handler::server::router::prompt::PromptRouter;
use rmcp::handler::server::router::tool::ToolRouter;
use rmcp::handler::server::wrapper::Parameters;
use rmcp::model::{CallToolResult, ContentBlock, ErrorData};
use rmcp::service::{RequestContext, RoleServer};
use rmcp::{tool, tool_router};
use serde_json::{Value, json};

use super::ask;
use crate::tools::{Caller, Tools};

/// The value, or an answer that says what is wrong.
macro_rules! tried {
    ($result:expr) => {
        match $result {
            Ok(value) => value,
            Err(error) => return $crate::server::agent::refused(error.to_string()),
        }
    };
}

/// How long a tool waits for AWS; what is not ready then goes on and can be asked for again.
const HOLD: Duration = Duration::from_secs(240);
/// The most bytes of text in one answer; an agent has to read them.
const MOST_TEXT: usize = 256 << 10;

/// What a tool brings, or why it does not.
pub(super) type Told = Result<CallToolResult, ErrorData>;

/// The MCP server of one connection.
#[derive(Clone)]
pub struct Agent {
    pub(super) tools: Tools,
    /// The rights over stdio; over HTTP they come with each request.
    fixed: Option<Caller>,
    pub(super) tool_router: ToolRouter<Self>,
    pub(super) prompt_router: PromptRouter<Self>,
}

impl Agent {
    /// A server with fixed rights, or one that takes them from each request.
    pub fn new(tools: Tools, fixed: Option<Caller>) -> Self {
        Self { tools, fixed, tool_router: Self::tool_router(), prompt_router: Self::prompt_router() }
    }

    /// Who asks.
    pub(super) fn caller(&self, context: &RequestContext<RoleServer>) -> Result<Caller, ErrorData> {
        if let Some(caller) = &self.fixed {
            return Ok(caller.clone());
        }
        let parts = context.extensions.get::<http::request::Parts>();
        let caller = parts.and_then(|parts| parts.extensions.get::<Caller>()).cloned();
        caller.ok_or_else(|| ErrorData::invalid_request("no API key came with this request", None))
    }

    /// The account that is meant.
    pub(super) async fn account(&self, scope: &Scope, wanted: Option<&str>) -> Result<Account, String> {
        let accounts = self.tools.app().accounts(scope).await.map_err(|e| e.to_string())?;
        let names =
            || accounts.iter().map(|a| a.name.escape_debug().to_string()).collect::<Vec<_>>().join(", ");
        let fits = |account: &&Account| match wanted.map(str::trim).filter(|text| !text.is_empty()) {
            None => true,
            Some(text) => {
                account.name == text
                    || account.id.to_string() == text
                    || account.aws_account.as_ref().is_some_and(|id| id.as_str() == text)
            }
        };
        let mut fitting = accounts.iter().filter(fits);
        match (fitting.next(), fitting.next()) {
            (Some(one), None) => Ok(one.clone()),
            (None, _) if accounts.is_empty() => {
                Err("no account is linked; see: isobar account add".to_owned())
            }
            (None, _) => Err(format!("there is no such account; linked: {}", names())),
            _ => Err(format!("which account? Linked: {}", names())),
        }
    }

    /// What is known of an account, without asking AWS.
    pub(super) async fn known(&self, scope: &Scope, account: &Account) -> Result<Arc<Recording>, String> {
        let newest = self.tools.app().newest(scope, account.id).await.map_err(|e| e.to_string())?;
        newest.ok_or_else(|| {
            format!("{} was never scanned; use the tool scan first", account.name.escape_debug())
        })
    }

    async fn command(&self, context: &RequestContext<RoleServer>, call: Call) -> Told {
        let caller = self.caller(context)?;
        let answer = self.tools.run(&caller, &call).await;
        let mut value = answer.to_json();
        for stream in ["stdout", "stderr"] {
            let (text, cut) = shortened(value[stream].as_str().unwrap_or_default(), MOST_TEXT);
            if cut {
                value[stream] = Value::from(text);
                value["truncated"] = Value::from(true);
            }
        }
        Ok(if answer.success() { text(&value) } else { CallToolResult::error(text(&value).content) })
    }
}

#[tool_router]
impl Agent {
    /// Lists the linked AWS accounts with the regions that were scanned and when.
    #[tool(annotations(title = "List accounts", read_only_hint = true, open_world_hint = false))]
    async fn list_accounts(&self, context: RequestContext<RoleServer>) -> Told {
        let scope = self.caller(&context)?.scope;
        let app = self.tools.app();
        let mut list = Vec::new();
        for account in tried!(app.accounts(&scope).await) {
            let fresh = tried!(app.freshness(&scope, account.id).await);
            let regions: Vec<Value> = fresh
                .iter()
                .map(|f| {
                    json!({"region": f.region.as_str(), "scanned": f.ended.to_string(), "calls": f.calls,
                           "denied_or_failed": f.gaps})
                })
                .collect();
            list.push(json!({
                "id": account.id.to_string(), "name": account.name,
                "aws_account": account.aws_account.map(|id| id.to_string()),
                "home_region": account.region.as_str(), "warning": account.warning, "scanned": regions,
            }));
        }
        Ok(text(&json!({"accounts": list})))
    }

    /// Reads an account anew from AWS (read only) and tells what came of it. Needs a read-write key.
    #[tool(annotations(
        title = "Scan an account",
        read_only_hint = false,
        destructive_hint = false,
        open_world_hint = true
    ))]
    async fn scan(
        &self,
        Parameters(asked): Parameters<ask::Scan>,
        context: RequestContext<RoleServer>,
    ) -> Told {
        let scope = self.caller(&context)?.scope;
        if scope.may_write().is_err() {
            return refused("scan needs a read-write key");
        }
        let app = self.tools.app();
        let account = tried!(self.account(&scope, asked.account.as_deref()).await);
        let mut wanted = Vec::new();
        for name in &asked.regions {
            wanted.push(tried!(regions::parse(name, &app.config().extra_regions)));
        }
        if wanted.is_empty() {
            wanted.push(account.region.clone());
        }
        let scanned = match tokio::time::timeout(HOLD, app.scan(&scope, account.id, &wanted)).await {
            Ok(scanned) => tried!(scanned),
            Err(_) => {
                return Ok(text(&json!({"state": "running", "advice": "the scan goes on; ask again later"})));
            }
        };
        let entries = || scanned.iter().flat_map(|r| &r.manifest().entries);
        let gaps: Vec<String> = entries()
            .filter(|entry| entry.outcome.is_gap())
            .map(|e| format!("{} {} in {}", e.call.service, e.call.operation, e.call.region))
            .collect();
        let shown: Vec<&String> = gaps.iter().take(50).collect();
        Ok(text(&json!({
            "state": "done", "account": account.name, "calls": entries().count(),
            "denied_or_failed": gaps.len(), "first_of_those": shown,
        })))
    }

    /// Draws a region of an account: a PNG picture, or SVG or JSON as text. Scans first where nothing is
    /// known yet.
    #[tool(annotations(title = "Draw an account", read_only_hint = true))]
    async fn snapshot(
        &self,
        Parameters(asked): Parameters<ask::Snapshot>,
        context: RequestContext<RoleServer>,
    ) -> Told {
        let scope = self.caller(&context)?.scope;
        let account = tried!(self.account(&scope, asked.account.as_deref()).await);
        let region = match &asked.region {
            Some(name) => tried!(regions::parse(name, &self.tools.app().config().extra_regions)),
            None => tried!(self.fullest(&scope, &account).await),
        };
        let format = match asked.format {
            ask::PictureFormat::Png => Format::Png,
            ask::PictureFormat::Svg => Format::Svg,
            ask::PictureFormat::Json => Format::Json,
        };
        let width = asked.width.unwrap_or(1400).clamp(1, 4000).to_string();
        let exclude = asked.exclude.join(",");
        let mut pairs =
            vec![("filter", asked.filter.as_deref().unwrap_or("")), ("exclude", exclude.as_str())];
        pairs.extend([
            ("projection", asked.projection.as_deref().unwrap_or("")),
            ("theme", asked.theme.as_deref().unwrap_or("")),
        ]);
        if format == Format::Png {
            pairs.push(("width", &width));
        }
        let request = tried!(DrawRequest::new(format).set_all(pairs));
        let drawing = match tried!(self.drawing(&scope, &account, &region, request).await) {
            Some(drawing) => drawing,
            None => {
                return Ok(text(&json!({"state": "running", "advice": "the scan goes on; ask again later"})));
            }
        };
        let facts = json!({
            "account": account.name, "region": region.as_str(), "shown": drawing.shown, "total": drawing.total,
            "scanned": drawing.scanned.map(|at| at.to_string()), "could_not_be_read": drawing.gaps,
        });
        if format == Format::Png {
            let data = base64::engine::general_purpose::STANDARD.encode(&drawing.bytes);
            let picture = ContentBlock::image(data, drawing.media_type);
            return Ok(CallToolResult::success(vec![picture, ContentBlock::text(facts.to_string())]));
        }
        let (words, cut) = shortened(&String::from_utf8_lossy(&drawing.bytes), 4 * MOST_TEXT);
        if cut {
            return refused("the drawing is too long as text; use png, or a filter that selects less");
        }
        Ok(CallToolResult::success(vec![ContentBlock::text(words), ContentBlock::text(facts.to_string())]))
    }

    /// Searches an account's resources with the filter language of drawings.
    #[tool(annotations(title = "Search resources", read_only_hint = true, open_world_hint = false))]
    async fn search_resources(
        &self,
        Parameters(asked): Parameters<ask::Search>,
        context: RequestContext<RoleServer>,
    ) -> Told {
        let scope = self.caller(&context)?.scope;
        let account = tried!(self.account(&scope, asked.account.as_deref()).await);
        let filter = match asked.filter.trim() {
            "" => None,
            words => Some(tried!(Filter::parse(words))),
        };
        let region = match &asked.region {
            Some(name) => Some(tried!(Region::parse(name))),
            None => None,
        };
        let recording = tried!(self.known(&scope, &account).await);
        let catalog = self.tools.app().catalog();
        let work = tokio::task::spawn_blocking(move || {
            let graph = isobar_graph::build(catalog, &[&recording]);
            found(&graph, filter.as_ref(), region.as_ref(), &asked)
        });
        Ok(text(&tried!(work.await)))
    }

    /// Audits an account: what is open, unencrypted, unused or unwatched, worst first.
    #[tool(annotations(title = "Findings", read_only_hint = true, open_world_hint = false))]
    async fn findings(
        &self,
        Parameters(asked): Parameters<ask::FindingsOf>,
        context: RequestContext<RoleServer>,
    ) -> Told {
        let scope = self.caller(&context)?.scope;
        let account = tried!(self.account(&scope, asked.account.as_deref()).await);
        let least = match asked.minimum_severity.as_deref().filter(|text| !text.is_empty()) {
            Some(words) => tried!(Severity::parse(words)),
            None => Severity::Info,
        };
        let recording = tried!(self.known(&scope, &account).await);
        let work = tokio::task::spawn_blocking(move || judged(&recording, least, &asked));
        Ok(text(&tried!(work.await)))
    }

    /// Lists the users and roles that hold administrators' privileges.
    #[tool(annotations(title = "Who is administrator", read_only_hint = true, open_world_hint = false))]
    async fn who_is_admin(
        &self,
        Parameters(asked): Parameters<ask::OneAccount>,
        context: RequestContext<RoleServer>,
    ) -> Told {
        self.of_one(&context, asked, "find_admins", "--json").await
    }

    /// Lists what the internet can reach, and on which ports.
    #[tool(annotations(title = "What is public", read_only_hint = true, open_world_hint = false))]
    async fn what_is_public(
        &self,
        Parameters(asked): Parameters<ask::OneAccount>,
        context: RequestContext<RoleServer>,
    ) -> Told {
        self.of_one(&context, asked, "public", "").await
    }

    /// Runs a command of CloudMapper; the answer has stdout, stderr and the exit code. configure and
    /// collect need a read-write key.
    #[tool(annotations(title = "CloudMapper", read_only_hint = false, destructive_hint = false))]
    async fn cloudmapper(
        &self,
        Parameters(asked): Parameters<ask::CloudMapper>,
        context: RequestContext<RoleServer>,
    ) -> Told {
        let config = match asked.action.as_str() {
            "webserver" => String::new(),
            _ => "config.json".to_owned(),
        };
        let call =
            Call { action: asked.action, account: asked.account, config, additional: asked.additional_args };
        self.command(&context, call).await
    }
}

impl Agent {
    async fn of_one(
        &self,
        context: &RequestContext<RoleServer>,
        asked: ask::OneAccount,
        action: &str,
        more: &str,
    ) -> Told {
        let scope = self.caller(context)?.scope;
        let account = tried!(self.account(&scope, asked.account.as_deref()).await);
        // By its id: a name may hold what an account list parts.
        let call = Call {
            action: action.to_owned(),
            account: account.id.to_string(),
            config: "config.json".to_owned(),
            additional: more.to_owned(),
        };
        self.command(context, call).await
    }

    /// The region that holds most; the account's own where nothing was scanned.
    pub(super) async fn fullest(
        &self,
        scope: &Scope,
        account: &Account,
    ) -> Result<Region, isobar_app::Error> {
        let fresh = self.tools.app().freshness(scope, account.id).await?;
        let fullest = fresh.into_iter().filter(|f| !f.region.is_global()).max_by_key(|f| f.calls);
        Ok(fullest.map_or_else(|| account.region.clone(), |f| f.region))
    }

    /// A drawing of what is known of a region, after a scan where nothing is.
    pub(super) async fn drawing(
        &self,
        scope: &Scope,
        account: &Account,
        region: &Region,
        request: DrawRequest,
    ) -> Result<Option<Arc<Drawing>>, isobar_app::Error> {
        match self.tools.app().snapshot(scope, account.id, region, request, false, HOLD).await? {
            Drawn::Ready(drawing) => Ok(Some(drawing)),
            Drawn::Pending => Ok(None),
        }
    }
}

/// Resources of a graph as JSON.
fn found(graph: &Graph, filter: Option<&Filter>, region: Option<&Region>, asked: &ask::Search) -> Value {
    let limit = asked.limit.unwrap_or(100).clamp(1, 500);
    let (mut list, mut total, mut size) = (Vec::new(), 0, 0);
    for (at, resource) in graph.resources().iter().enumerate() {
        let index = isobar_graph::Index(u32::try_from(at).unwrap_or(u32::MAX));
        let inside = resource.container.is_none() || resource.drawn;
        let here = region.is_none_or(|region| resource.region == *region);
        if !inside || !here || !filter.is_none_or(|filter| filter.matches(graph, index)) {
            continue;
        }
        total += 1;
        if total <= asked.offset || list.len() >= limit || size > MOST_TEXT {
            continue;
        }
        let mut value = json!({
            "arn": resource.id.to_string(), "type": resource.component.as_ref(), "name": resource.name,
            "id": resource.native_id, "region": resource.region.as_str(), "detail": resource.detail,
            "state": resource.state,
            "tags": resource.tags.iter().map(|(k, v)| (k.to_string(), Value::from(v.to_string()))).collect::<serde_json::Map<_, _>>(),
        });
        if asked.details {
            value["attributes"] = Value::clone(&resource.attributes);
        }
        size += value.to_string().len();
        list.push(value);
    }
    let next = asked.offset + list.len();
    json!({"total": total, "offset": asked.offset, "resources": list, "next_offset": (next < total).then_some(next)})
}

/// Findings as JSON, worst first.
fn judged(recording: &Recording, least: Severity, asked: &ask::FindingsOf) -> Value {
    let mut list: Vec<_> = audit(recording, rules::ALL)
        .into_iter()
        .filter_map(|finding| {
            let rule = rules::ALL.iter().find(|rule| rule.id() == finding.rule)?;
            let document = rule.document();
            (document.severity >= least).then_some((document, finding))
        })
        .collect();
    list.sort_by(|(a, one), (b, other)| (b.severity, &one.rule).cmp(&(a.severity, &other.rule)));
    let limit = asked.limit.unwrap_or(100).clamp(1, 500);
    let total = list.len();
    let shown: Vec<Value> = list
        .iter()
        .skip(asked.offset)
        .take(limit)
        .map(|(document, finding)| {
            json!({"id": finding.rule, "severity": document.severity.as_str(), "title": document.title,
                   "region": finding.region.as_str(), "resource": finding.resource, "words": finding.words})
        })
        .collect();
    let next = asked.offset + shown.len();
    json!({"total": total, "offset": asked.offset, "findings": shown, "next_offset": (next < total).then_some(next)})
}

/// JSON as the one text of an answer.
pub(super) fn text(value: &Value) -> CallToolResult {
    CallToolResult::success(vec![ContentBlock::text(value.to_string())])
}

/// An answer that an agent reads as a failure it can mend.
pub(super) fn refused(words: impl Into<String>) -> Told {
    Ok(CallToolResult::error(vec![ContentBlock::text(words.into())]))
}

/// A text cut at a character, and whether it was.
fn shortened(text: &str, most: usize) -> (String, bool) {
    if text.len() <= most {
        return (text.to_owned(), false);
    }
    let end = (0..=most).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    (text[..end].to_owned(), true)
}
