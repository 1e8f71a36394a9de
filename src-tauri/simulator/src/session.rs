//! One conversation between a simulated identity provider and a server: sends a step, looks at the answer, tells of it.

use std::pin::Pin;

use idp::IdpId;
use idp::admin::{self, Failure, NoAnswer as Silence, Shown};
use idp::evidence::{Evidence, OUR_OWN};
use scim::redact;
use serde_json::{Value, json};
use wire::NoAnswer;

use crate::dialect::{self, Kind, OWN_RETRY};
use crate::exchange::{Credential, Request};
use crate::owned_resources::OwnedResources;
use crate::pace::{Pace, Stop};
use crate::progress::{PlannedStep, Progress, Role, StepReport, Summary, Verdict, readable};
use crate::response::{Expected, Finding, Response, Weight, fails, warns};
use crate::tenant::Tenant;
use crate::transport::Transport;

pub(crate) use idp::admin::Job;

/// What the application is called in what administrators see.
const APP: &str = "SCIM Setup";

/// How a part of the conversation ended early. What went wrong has been told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// The identity provider gives this job up.
    Job,
    /// Nothing more may be sent: somebody stopped the run, or the server sends the client elsewhere.
    Run,
}

/// What a part of the conversation comes to.
pub(crate) type Played<T = ()> = Result<T, End>;

/// A conversation.
pub(crate) struct Session<'a> {
    pub(crate) tenant: &'a mut Tenant,
    /// Who is played.
    pub(crate) idp: IdpId,
    pub(crate) transport: Transport,
    pub(crate) owned: OwnedResources,
    pub(crate) pace: Pace,
    pub(crate) stop: Stop,
    pub(crate) notify: &'a mut (dyn FnMut(Progress) + Send),
    /// The number of the newest step.
    pub(crate) number: u32,
    /// How the last request was answered; `None`: it was not.
    pub(crate) last_status: Option<u16>,
    /// What the steps come to so far.
    pub(crate) summary: Summary,
    /// What the identity provider is doing, for what its administrator sees.
    pub(crate) job: Job,
    /// Statuses that a mistake is meant to end with.
    pub(crate) refusals: &'static [u16],
    /// How the identity provider authorizes itself.
    pub(crate) credential: Credential,
}

/// A step that is about to be taken.
pub(crate) struct Step {
    title: String,
    evidence: Evidence,
    role: Role,
    kind: Kind,
    request: Request,
    expected: Vec<Expected>,
}

impl Step {
    /// A request of the identity provider.
    pub(crate) fn new(title: impl Into<String>, evidence: Evidence, request: Request) -> Self {
        let kind = if request.body.is_some() { Kind::Write } else { Kind::Read };
        Self { title: title.into(), evidence, role: Role::Provider, kind, request, expected: Vec::new() }
    }

    /// A request that reads.
    pub(crate) fn get(title: impl Into<String>, evidence: Evidence, target: impl Into<String>) -> Self {
        Self::new(title, evidence, Request::get(target))
    }

    /// A request that deletes.
    pub(crate) fn delete(title: impl Into<String>, evidence: Evidence, target: impl Into<String>) -> Self {
        Self::new(title, evidence, Request::delete(target))
    }

    /// A request that creates something: its answer has to say with which id.
    pub(crate) fn create(title: impl Into<String>, evidence: Evidence, endpoint: &str, body: &Value) -> Self {
        let request = Request::with_body("POST", endpoint, body);
        Self::new(title, evidence, request).status(&[201, 200]).expects(Expected::Id)
    }

    /// A request that changes something.
    pub(crate) fn write(
        title: impl Into<String>,
        evidence: Evidence,
        method: &'static str,
        target: impl Into<String>,
        body: &Value,
    ) -> Self {
        Self::new(title, evidence, Request::with_body(method, target, body)).status(&[200, 204])
    }

    /// A request of the simulator itself.
    pub(crate) fn own(role: Role, title: impl Into<String>, request: Request) -> Self {
        let kind = if request.body.is_some() { Kind::OwnWrite } else { Kind::Own };
        Self { role, kind, ..Self::new(title, OUR_OWN, request) }
    }

    /// With the headers of another kind of request.
    pub(crate) fn kind(self, kind: Kind) -> Self {
        Self { kind, ..self }
    }

    /// The answer has to be a list of those with this value, or have another of these statuses.
    pub(crate) fn finds(self, statuses: &'static [u16], attribute: &'static str, value: &str) -> Self {
        self.status(statuses).expects(Expected::Matches { attribute, value: value.to_owned() })
    }

    /// The answer has to have one of these statuses.
    pub(crate) fn status(self, statuses: &'static [u16]) -> Self {
        self.expects(Expected::Status(statuses))
    }

    /// The answer has to be this.
    pub(crate) fn expects(mut self, expected: Expected) -> Self {
        self.expected.push(expected);
        self
    }
}

impl Session<'_> {
    /// Takes a step. A 429 is obeyed as this identity provider does.
    ///
    /// # Errors
    /// If the answer is not what the identity provider needs, or nothing more may be sent.
    pub(crate) async fn send(&mut self, step: Step) -> Played<Response> {
        let Step { title, evidence, role, kind, mut request, expected } = step;
        self.pause(self.pace.between_requests).await?;
        request.headers = dialect::headers(self.idp.dialect(), kind);
        if role == Role::Provider {
            request.credential = self.credential.clone();
        }
        self.number += 1;
        let planned =
            PlannedStep { title: title.clone(), method: request.method.to_owned(), target: readable(&request.target) };
        (self.notify)(Progress::Began { number: self.number, step: planned });
        if let Some(finding) = self.forbidden(&request, role) {
            let report = StepReport {
                findings: vec![finding],
                verdict: Verdict::Failed,
                ..StepReport::silent(self.number, title, evidence, role, &request)
            };
            self.end_step(report);
            return Err(End::Job);
        }
        let retry = if role == Role::Provider { self.idp.idp().retry.value() } else { Some(OWN_RETRY) };
        let (mut attempts, mut waited, mut cut) = (0, 0, None);
        let (outcome, exchange) = loop {
            attempts += 1;
            let (outcome, exchange) = self.transport.send(&request).await;
            let wait = match &outcome {
                Ok(answer) if answer.status == 429 => retry.and_then(|retry| dialect::wait(retry, answer, attempts)),
                _ => None,
            };
            let Some(wait) = wait else { break (outcome, exchange) };
            let (seconds, text) = (wait.time.as_secs(), format!("{} (attempt {attempts}).", wait.text()));
            (self.notify)(Progress::Waiting { number: self.number, seconds, attempt: attempts, text });
            waited += seconds;
            cut = cut.or(Some(wait).filter(|wait| wait.is_cut()));
            if self.pause(wait.time).await.is_err() {
                break (outcome, exchange);
            }
        };
        self.last_status = exchange.status;
        let mut report = StepReport {
            attempts,
            waited_seconds: waited,
            status: exchange.status,
            duration_ms: exchange.duration_ms,
            note: cut.map(|wait| format!("{} and goes on.", wait.text())),
            exchange: Some(exchange),
            ..StepReport::silent(self.number, title, evidence, role, &request)
        };
        let result = match outcome {
            Ok(answer) => {
                let response = Response::new(answer);
                self.owned.note(&request, &response);
                report.findings = first_reason(&expected, &request, &response);
                let is_failed = report.findings.iter().any(|finding| finding.weight == Weight::Fails);
                report.verdict = match (is_failed, report.findings.is_empty()) {
                    (true, _) => Verdict::Failed,
                    (false, true) => Verdict::Passed,
                    (false, false) => Verdict::Warning,
                };
                if is_failed && role == Role::Provider && self.refusals.contains(&response.status()) {
                    // The mistake is made on purpose; what matters is how the server refuses.
                    report.admin = self.shown(role, &response, &report.findings);
                    report.findings = refusal(&response);
                    report.verdict = if report.findings.is_empty() { Verdict::Passed } else { Verdict::Warning };
                    report.note = Some("This is the mistake. The server has to refuse here.".into());
                    Err(End::Job)
                } else if is_failed {
                    report.admin = self.shown(role, &response, &report.findings);
                    Err(End::Job)
                } else {
                    Ok(response)
                }
            }
            Err(error) => {
                self.owned.note_unanswered(&request, &error);
                report.findings = vec![unanswered(&error)];
                report.verdict = Verdict::Failed;
                report.admin = self.silence_shown(role, &error);
                Err(if matches!(error, NoAnswer::RedirectedAway { .. }) { End::Run } else { End::Job })
            }
        };
        self.end_step(report);
        result
    }

    /// Tells that the identity provider sends nothing here, and why.
    pub(crate) fn silent(&mut self, title: impl Into<String>, evidence: Evidence, because: impl Into<String>) {
        self.number += 1;
        let request = Request::new("", "");
        let mut report = StepReport::silent(self.number, title.into(), evidence, Role::Provider, &request);
        report.note = Some(because.into());
        self.end_step(report);
    }

    /// Assigns so many people and provisions one after the other.
    ///
    /// # Errors
    /// If anybody could not be provisioned, or nothing more may be sent.
    pub(crate) async fn assign(
        &mut self,
        count: u32,
        provision: impl for<'a, 'b> Fn(&'a mut Session<'b>, usize) -> Pin<Box<dyn Future<Output = Played> + Send + 'a>>,
    ) -> Played {
        let mut result = Ok(());
        for _ in 0..count {
            let account = self.tenant.assign_next();
            result = match provision(self, account).await {
                Err(End::Run) => return Err(End::Run),
                // One that is given up is a task for the administrator, and the others go on.
                other => result.and(other),
            };
        }
        result
    }

    /// Counts a step that was taken, or could not be, and tells of it.
    pub(crate) fn end_step(&mut self, step: StepReport) {
        self.summary.count(&step);
        (self.notify)(Progress::Ended { step: Box::new(step) });
    }

    /// Says what the identity provider is doing now.
    pub(crate) fn begin(&mut self, job: Job) {
        self.job = job;
    }

    /// Waits, unless the run is stopped.
    ///
    /// # Errors
    /// If it is stopped.
    pub(crate) async fn pause(&mut self, wait: std::time::Duration) -> Played {
        if self.pace.wait(wait, &self.stop).await { Ok(()) } else { Err(End::Run) }
    }

    /// A filter as this identity provider encodes it: `filter=userName%20eq%20%22ada%40example.com%22`.
    pub(crate) fn filter(&self, left: &str, operator: &str, value: &str) -> String {
        let quoted = value.replace('\\', "\\\\").replace('"', "\\\"");
        dialect::encode(self.idp.dialect(), &format!("{left} {operator} \"{quoted}\""))
    }

    /// What the administrator sees of an answer that will not do.
    fn shown(&self, role: Role, response: &Response, findings: &[Finding]) -> Option<Shown> {
        // A server may repeat a password in what it says of it.
        let body = redact::body(String::from_utf8_lossy(&response.answer.body));
        let json: Option<Value> = serde_json::from_str(&body).ok();
        let response = admin::Response {
            status: response.status(),
            phrase: &response.answer.reason,
            body: &body,
            json: json.as_ref(),
            detail: json.as_ref().and_then(|json| json["detail"].as_str()),
            because: findings.first().map_or("", |finding| &finding.because),
        };
        self.failure_shown(role, &Failure::Response(response))
    }

    /// What the administrator sees when there was no answer.
    fn silence_shown(&self, role: Role, error: &NoAnswer) -> Option<Shown> {
        let why = match error {
            NoAnswer::TimedOut { .. } => Silence::TimedOut,
            NoAnswer::Refused { at } => Silence::Refused(at),
            NoAnswer::UnknownHost { host } => Silence::UnknownHost(host),
            _ => Silence::Other,
        };
        self.failure_shown(role, &Failure::NoAnswer(why, &error.to_string()))
    }

    /// Nobody but the identity provider tells its administrator anything.
    fn failure_shown(&self, role: Role, failure: &Failure<'_>) -> Option<Shown> {
        (role == Role::Provider).then(|| self.idp.failure_shown(&self.job, failure, APP))?
    }

    /// Why a request must not be sent: it would change what this run neither made nor looked up by its own name.
    fn forbidden(&self, request: &Request, role: Role) -> Option<Finding> {
        // What the scenario arranges by itself is always allowed.
        let id = self.owned.forbidden(request).filter(|_| role != Role::Arrange)?;
        let because = "The simulator changes only what it made, or found by a name that begins with its own prefix.";
        Some(fails(json!({ "id": "one of the simulator\u{2019}s own" }), json!({ "id": id }), because, ""))
    }
}

/// What is wrong, without what only follows from it: after a wrong status nobody cares what the body lacks.
fn first_reason(expected: &[Expected], request: &Request, response: &Response) -> Vec<Finding> {
    let mut findings = Vec::new();
    for expected in expected {
        findings.extend(expected.unmet(response));
        if findings.iter().any(|finding: &Finding| finding.weight == Weight::Fails) {
            break;
        }
    }
    if response.status() == 406
        && let Some(finding) = findings.first_mut()
    {
        let accept = request.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("accept"));
        let why = match accept {
            None => "The request has no Accept header, for this identity provider sends none: any media type is acceptable then".into(),
            Some((_, types)) => format!("The request accepts {types}, which every SCIM server has to be able to send"),
        };
        finding.because =
            format!("{} {why} (RFC 9110 \u{a7}12.5.1). Answer with application/scim+json.", finding.because);
    }
    findings
}

/// What is wrong with an answer that has to be an error.
fn refusal(response: &Response) -> Vec<Finding> {
    let mut findings = Expected::Error.unmet(response);
    if response.status() == 401 && response.answer.header("www-authenticate").is_none() {
        let (expected, actual) = (json!({ "WWW-Authenticate": "Bearer" }), json!({ "WWW-Authenticate": null }));
        findings.push(warns(expected, actual, "A 401 says how to authenticate.", "RFC 7644 §2"));
    }
    findings
}

fn unanswered(error: &NoAnswer) -> Finding {
    fails(json!({ "answer": "any" }), json!({ "answer": Value::Null }), error.to_string(), "")
}
