//! Playing identity providers, and checking servers.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, NoContent, Response};
use serde::{Deserialize, Serialize};
use simulator::check::CheckOutcome;
use simulator::{SimulatedProvider, StepReport};
use utoipa::{IntoParams, ToSchema};

use super::answer::{Answer, Created, Done, created};
use super::error::ApiError;
use super::extract::{self, Body, Params};
use super::state::ControlState;
use crate::core::Core;
use crate::directory::demo;
use crate::model::{
    DemoContents, Directory, DirectoryId, EnvironmentId, NewSimulation, Simulation, SimulationPace, SimulationPage,
    SimulationTarget, SimulationWhat, Simulator,
};
use crate::simulations::ReportFormat;

/// Which identity provider the numbers of steps are for.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub(super) struct SimulatorQuery {
    /// Who is played.
    #[param(inline)]
    provider: SimulatedProvider,
    /// Whether it sends to a server of others, where nothing is known yet.
    foreign: bool,
}

impl Default for SimulatorQuery {
    fn default() -> Self {
        Self { provider: SimulatedProvider::OktaAiw, foreign: false }
    }
}

/// Where to read on.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(super) struct PageQuery {
    /// The number of the last step that is known, or how many checks are.
    after: usize,
}

/// The form of a report.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(super) struct ReportQuery {
    /// The form.
    #[param(inline)]
    format: ReportFormat,
}

/// Where to make a directory to look around.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct NewDemo {
    /// The environment it belongs to.
    environment_id: EnvironmentId,
}

/// Whether what is real goes as well.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(super) struct DemoQuery {
    /// Whether a person has agreed that what others have sent and the token go with it.
    confirmed: bool,
}

/// A directory to look around, and the run that fills it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Demo {
    /// The directory.
    directory: Directory,
    /// The run.
    simulation: Simulation,
}

/// Says what the simulator can do for a directory, and what its newest run came to.
#[utoipa::path(
    get, path = "/api/directories/{id}/simulator", tag = "simulator", params(("id" = DirectoryId, Path), SimulatorQuery),
    responses((status = 200, body = Simulator), (status = 404, body = ApiError))
)]
pub(super) async fn read_simulator(
    state: State<ControlState>,
    Path(id): Path<DirectoryId>,
    Params(query): Params<SimulatorQuery>,
) -> Answer<Simulator> {
    Ok(Json(state.simulations.read(&id, query.provider, query.foreign).await?))
}

/// Says what can be checked on another server without a directory, and what the newest such run came to.
#[utoipa::path(
    get, path = "/api/simulator", tag = "simulator",
    responses((status = 200, body = Simulator))
)]
pub(super) async fn read_checker(state: State<ControlState>) -> Answer<Simulator> {
    Ok(Json(state.simulations.read_checker().await?))
}

/// Starts a run. The token for another server is kept in memory as long as the run lasts; one's own directory needs none.
#[utoipa::path(
    post, path = "/api/simulations", tag = "simulator", request_body = NewSimulation,
    responses((status = 201, body = Simulation), (status = 404, body = ApiError), (status = 409, body = ApiError), (status = 422, body = ApiError))
)]
pub(super) async fn start_simulation(
    state: State<ControlState>,
    Body(new): Body<NewSimulation>,
) -> Created<Simulation> {
    created(state.simulations.start(new).await?)
}

/// A run, with the steps or checks after those that are known.
#[utoipa::path(
    get, path = "/api/simulations/{id}", tag = "simulator", params(("id" = String, Path), PageQuery),
    responses((status = 200, body = SimulationPage), (status = 404, body = ApiError))
)]
pub(super) async fn read_simulation(
    state: State<ControlState>,
    Path(id): Path<String>,
    Params(query): Params<PageQuery>,
) -> Answer<SimulationPage> {
    Ok(Json(state.simulations.page(&id, query.after)?))
}

/// Stops a run: the request under way is finished, and what was made on another server is removed.
#[utoipa::path(
    post, path = "/api/simulations/{id}/stop", tag = "simulator", params(("id" = String, Path)),
    responses((status = 200, body = Simulation), (status = 404, body = ApiError))
)]
pub(super) async fn stop_simulation(state: State<ControlState>, Path(id): Path<String>) -> Answer<Simulation> {
    Ok(Json(state.simulations.stop(&id)?))
}

/// A step of a run, with request and answer.
#[utoipa::path(
    get, path = "/api/simulations/{id}/steps/{number}", tag = "simulator", params(("id" = String, Path), ("number" = u32, Path)),
    responses((status = 200, body = StepReport), (status = 404, body = ApiError))
)]
pub(super) async fn read_simulation_step(
    state: State<ControlState>,
    Path((id, number)): Path<(String, String)>,
) -> Answer<StepReport> {
    let number = extract::number(&number, "step\u{2019}s number")?;
    Ok(Json(state.simulations.step(&id, number)?))
}

/// A check of a run, with its requests and answers.
#[utoipa::path(
    get, path = "/api/simulations/{id}/checks/{check}", tag = "simulator", params(("id" = String, Path), ("check" = String, Path)),
    responses((status = 200, body = CheckOutcome), (status = 404, body = ApiError))
)]
pub(super) async fn read_simulation_check(
    state: State<ControlState>,
    Path((id, check)): Path<(String, String)>,
) -> Answer<CheckOutcome> {
    Ok(Json(state.simulations.outcome(&id, &check)?))
}

/// A run as a file.
#[utoipa::path(
    get, path = "/api/simulations/{id}/report", tag = "simulator", params(("id" = String, Path), ReportQuery),
    responses(
        (status = 200, content((serde_json::Value = "application/json"), (String = "application/xml"), (String = "text/html"))),
        (status = 404, body = ApiError), (status = 422, body = ApiError)
    )
)]
pub(super) async fn export_simulation(
    state: State<ControlState>,
    Path(id): Path<String>,
    Params(query): Params<ReportQuery>,
) -> Result<Response, ApiError> {
    let (ending, media_type) = match query.format {
        ReportFormat::Json => ("json", "application/json"),
        ReportFormat::Junit => ("xml", "application/xml"),
        ReportFormat::Html => ("html", "text/html; charset=utf-8"),
    };
    let text = state.simulations.report(&id, query.format)?;
    let attachment = format!("attachment; filename=\"scim-report.{ending}\"");
    Ok(([(CONTENT_TYPE, media_type.to_owned()), (CONTENT_DISPOSITION, attachment)], text).into_response())
}

/// Makes a directory to look around, and lets a simulated Okta fill it: three people and a group arrive, one is renamed, one leaves.
#[utoipa::path(
    post, path = "/api/demo", tag = "simulator", request_body = NewDemo,
    responses((status = 201, body = Demo), (status = 404, body = ApiError), (status = 409, body = ApiError))
)]
pub(super) async fn start_demo(state: State<ControlState>, Body(new): Body<NewDemo>) -> Created<Demo> {
    let directory = state.core.run(move |core| demo::create_demo(core, &new.environment_id)).await?;
    let run = NewSimulation {
        directory_id: Some(directory.id.clone()),
        what: SimulationWhat::Scenario {
            provider: SimulatedProvider::OktaAiw,
            scenario: simulator::Scenario::Demo,
            people: 1,
        },
        target: SimulationTarget::Local,
        pace: SimulationPace::Watchable,
        confirmed: false,
    };
    let simulation = match state.simulations.start(run).await {
        Ok(simulation) => simulation,
        Err(error) => {
            // Nobody wants to look around in what nobody fills.
            state.core.run(move |core| demo::delete_demo(core, &directory.id, true)).await?;
            return Err(error.into());
        }
    };
    created(Demo { directory, simulation })
}

/// Says what is in a demo that the simulator did not make there.
#[utoipa::path(
    get, path = "/api/directories/{id}/demo", tag = "simulator", params(("id" = DirectoryId, Path)),
    responses((status = 200, body = DemoContents), (status = 404, body = ApiError), (status = 409, body = ApiError))
)]
pub(super) async fn read_demo(core: State<Core>, Path(id): Path<DirectoryId>) -> Answer<DemoContents> {
    Ok(Json(core.run(move |core| demo::read_demo(core, &id)).await?))
}

/// Makes a demo a directory like any other, with all that is in it.
#[utoipa::path(
    post, path = "/api/directories/{id}/demo/keep", tag = "simulator", params(("id" = DirectoryId, Path)),
    responses((status = 200, body = Directory), (status = 404, body = ApiError), (status = 409, body = ApiError))
)]
pub(super) async fn keep_demo(core: State<Core>, Path(id): Path<DirectoryId>) -> Answer<Directory> {
    Ok(Json(core.run(move |core| demo::keep_demo(core, &id)).await?))
}

/// Removes a directory that was made to look around, and its organization with it if nothing else is there. One with a token, or with what
/// the simulator did not send, only if a person has agreed.
#[utoipa::path(
    delete, path = "/api/directories/{id}/demo", tag = "simulator", params(("id" = DirectoryId, Path), DemoQuery),
    responses((status = 204), (status = 404, body = ApiError), (status = 409, body = ApiError))
)]
pub(super) async fn delete_demo(
    state: State<ControlState>,
    Path(id): Path<DirectoryId>,
    Params(query): Params<DemoQuery>,
) -> Done {
    state.core.run(move |core| demo::delete_demo(core, &id, query.confirmed)).await?;
    state.simulations.forget_deleted();
    Ok(NoContent)
}
