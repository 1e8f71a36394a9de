//! Taking the pictures.

use std::{fs, path::Path};

use crate::{
    app,
    sample::Extent,
    stage::{Look, Stage},
    tour,
};

/// Where base URLs of the pictures point to if it is free: the product's own port.
const PORT: u16 = server::DEFAULT_PORT;

const LOOKS: [(&str, Look); 4] =
    [("light", Look::LIGHT), ("dark", Look::DARK), ("900x600-light", Look::SMALL), ("zoomed-light", Look::ZOOMED)];

/// The product's port, unless a program has it.
fn port() -> u16 {
    std::net::TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, PORT)).map_or(0, |_| PORT)
}

/// Takes a picture of what is on screen.
async fn take(stage: &Stage, name: &str) {
    let picture = stage.page().client().screenshot().await.expect("a picture");
    let folder = Path::new(app::ROOT).join(".screenshots").join("screens");
    fs::create_dir_all(&folder).expect("the folder can be made");
    fs::write(folder.join(format!("{name}.png")), picture).expect("the picture can be written");
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_of_every_screen() {
    let extent = Extent { port: port(), largest: 1_024 };
    for (name, look) in LOOKS {
        tour::everything(look, extent, &async |stage, screen| take(stage, &format!("{screen}-{name}")).await).await;
    }
}
