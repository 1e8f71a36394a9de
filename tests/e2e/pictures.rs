//! What is pictured, and how.

mod screens;

use std::{fs, path::Path};

use serde_json::json;

use crate::{
    app::{self, Chromium},
    folder::Folder,
    page::Page,
    sample::Sample,
};

const STILL: &str = include_str!("pictures/still.js");

/// Where base URLs of the pictures point to if it is free: the product's own port.
const PORT: u16 = server::DEFAULT_PORT;

/// Who looks.
#[derive(Clone, Copy)]
enum Look {
    Light,
    Dark,
    Small,
}

impl Look {
    const ALL: [Self; 3] = [Self::Light, Self::Dark, Self::Small];

    fn name(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
            Self::Small => "900x600-light",
        }
    }
}

/// A browser in which the time stands still.
struct Camera {
    browser: Chromium,
    look: Look,
    url: String,
}

impl Camera {
    async fn on(sample: &Sample, look: Look) -> Self {
        let browser = Chromium::open().await;
        let run = async |command, parameters| browser.devtools.run(command, parameters).await;
        run("Page.addScriptToEvaluateOnNewDocument", json!({ "source": format!("{{{STILL}}}") })).await;
        run("Emulation.setTimezoneOverride", json!({ "timezoneId": "UTC" })).await;
        let scheme = if matches!(look, Look::Dark) { "dark" } else { "light" };
        let features = json!([
            { "name": "prefers-color-scheme", "value": scheme },
            { "name": "prefers-reduced-motion", "value": "reduce" }
        ]);
        run("Emulation.setEmulatedMedia", json!({ "features": features })).await;
        if matches!(look, Look::Small) {
            browser.resize(900, 600).await;
        }
        Self { browser, look, url: sample.url() }
    }

    /// The page, as it is after opening it.
    async fn fresh(&self) -> &Page {
        self.browser.go_to(&self.url).await;
        &self.browser.page
    }

    /// Takes a picture of what is on screen.
    async fn take(&self, name: &str) {
        self.browser.page.settled().await;
        let folder = Path::new(app::ROOT).join(".screenshots").join("screens");
        let picture = self.browser.page.client().screenshot().await.expect("a picture");
        fs::create_dir_all(&folder).expect("the folder can be made");
        let path = folder.join(format!("{name}-{}.png", self.look.name()));
        fs::write(&path, picture).expect("the picture can be written");
    }
}

/// The product's port, unless a program has it.
fn port() -> u16 {
    std::net::TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, PORT)).map_or(0, |_| PORT)
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_of_every_screen() {
    let folder = Folder::new();
    let sample = Sample::empty(&folder.data(), port()).await;
    for look in Look::ALL {
        screens::first_run(&Camera::on(&sample, look).await).await;
    }
    let waiting = sample.connect_nobody().await;
    for look in Look::ALL {
        screens::nobody_yet(&Camera::on(&sample, look).await).await;
    }
    drop(waiting);
    sample.end().await;

    let folder = Folder::new();
    let (sample, acme) = Sample::full(&folder.data(), port()).await;
    for look in Look::ALL {
        screens::all(&Camera::on(&sample, look).await, &acme).await;
    }
    sample.end().await;
}
