import type { Language } from './app-code';

export const verifyingLanguages: { value: Exclude<Language, 'curl'>; label: string }[] = [
  { value: 'python', label: 'Python' },
  { value: 'node', label: 'Node' },
  { value: 'go', label: 'Go' },
  { value: 'rust', label: 'Rust' },
];

/** A program that takes webhooks on port 3000 and checks their signature. */
export function verifyWebhook(language: Exclude<Language, 'curl'>): string {
  switch (language) {
    case 'python':
      return `# pip install standardwebhooks flask
import os
from flask import Flask, request
from standardwebhooks import Webhook

app = Flask(__name__)
webhook = Webhook(os.environ["WEBHOOK_SECRET"])

@app.post("/webhooks")
def receive():
    event = webhook.verify(request.get_data(), dict(request.headers))
    print(event["id"], event["type"])
    return "", 204

app.run(port=3000)`;
    case 'node':
      return `// npm install standardwebhooks express
import express from 'express';
import { Webhook } from 'standardwebhooks';

const webhook = new Webhook(process.env.WEBHOOK_SECRET);
const app = express();
app.post('/webhooks', express.text({ type: '*/*', limit: '5mb' }), (request, response) => {
  const event = webhook.verify(request.body, request.headers);
  console.log(event.id, event.type);
  response.sendStatus(204);
});
app.listen(3000);`;
    case 'go':
      return `package main

import (
	"fmt"
	"io"
	"net/http"
	"os"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

func main() {
	webhook, err := standardwebhooks.NewWebhook(os.Getenv("WEBHOOK_SECRET"))
	if err != nil {
		panic(err)
	}
	http.HandleFunc("/webhooks", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || webhook.Verify(body, r.Header) != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		fmt.Println(string(body))
		w.WriteHeader(http.StatusNoContent)
	})
	panic(http.ListenAndServe("localhost:3000", nil))
}`;
    case 'rust':
      return `// cargo add axum standardwebhooks
// cargo add tokio --features full
use axum::{Router, body::Bytes, http::{HeaderMap, StatusCode}, routing::post};
use standardwebhooks::Webhook;

async fn receive(headers: HeaderMap, body: Bytes) -> StatusCode {
    let secret = std::env::var("WEBHOOK_SECRET").unwrap_or_default();
    match Webhook::new(&secret).and_then(|webhook| webhook.verify(&body, &headers)) {
        Ok(()) => {
            println!("{}", String::from_utf8_lossy(&body));
            StatusCode::NO_CONTENT
        }
        Err(_) => StatusCode::BAD_REQUEST,
    }
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let listener = tokio::net::TcpListener::bind("localhost:3000").await?;
    axum::serve(listener, Router::new().route("/webhooks", post(receive))).await
}`;
  }
}
