//! A browser in which the time stands still: at the sample, in the light or in the dark, large or small.

use serde_json::json;

use crate::{app::Chromium, page::Page, sample::Sample};

const STILL: &str = include_str!("still.js");

/// How the interface is looked at.
#[derive(Clone, Copy)]
pub(crate) struct Look {
    /// In pixels of the screen.
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// In percent.
    pub(crate) zoom: u32,
    pub(crate) is_dark: bool,
}

impl Look {
    pub(crate) const LIGHT: Self = Self { width: 1_200, height: 800, zoom: 100, is_dark: false };
    pub(crate) const DARK: Self = Self { is_dark: true, ..Self::LIGHT };
    /// The smallest window.
    pub(crate) const SMALL: Self = Self { width: 900, height: 600, ..Self::LIGHT };
    /// The usual window for who needs large letters. One of 1800×1200 at 200 % is like the smallest one.
    pub(crate) const ZOOMED: Self = Self { zoom: 200, ..Self::LIGHT };
}

/// The browser, and where the interface is.
pub(crate) struct Stage {
    pub(crate) browser: Chromium,
    url: String,
}

impl Stage {
    pub(crate) async fn at(sample: &Sample, look: Look) -> Self {
        let browser = Chromium::open().await;
        let run = async |command, parameters| browser.devtools.run(command, parameters).await;
        run("Page.addScriptToEvaluateOnNewDocument", json!({ "source": format!("{{{STILL}}}") })).await;
        run("Emulation.setTimezoneOverride", json!({ "timezoneId": "UTC" })).await;
        let features = json!([
            { "name": "prefers-color-scheme", "value": if look.is_dark { "dark" } else { "light" } },
            { "name": "prefers-reduced-motion", "value": "reduce" }
        ]);
        run("Emulation.setEmulatedMedia", json!({ "features": features })).await;
        browser.resize(look.width, look.height, look.zoom).await;
        Self { browser, url: sample.url() }
    }

    /// Opens the page anew.
    pub(crate) async fn fresh(&self) -> &Page {
        self.browser.go_to(&self.url).await;
        self.page()
    }

    pub(crate) fn page(&self) -> &Page {
        &self.browser.page
    }
}
