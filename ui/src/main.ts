import { mount } from 'svelte';
import App from './App.svelte';
import { detectPlatform } from '$lib/platform';
import './styles/base.css';
import './styles/layout.css';
import './styles/parts.css';
import './styles/lists.css';

const target = document.getElementById('app');
if (target === null) throw new Error('index.html has no #app');
void detectPlatform().then((platform) => mount(App, { target, props: { platform } }));
