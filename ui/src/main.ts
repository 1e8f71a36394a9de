import { mount } from 'svelte';
// First, so that what a component says in its own scoped styles wins.
import './styles/base.css';
import './styles/layout.css';
import './styles/parts.css';
import './styles/lists.css';
import App from './App.svelte';
import { detectPlatform } from '$lib/platform';

const target = document.getElementById('app');
if (target === null) throw new Error('index.html has no #app');
void detectPlatform().then((platform) => mount(App, { target, props: { platform } }));
