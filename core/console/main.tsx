import '@mantine/core/styles.css';
import './console.css';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { currentLanguage } from './language/current-language.ts';
import { tongueOf } from './language/texts.ts';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(<App tongue={await tongueOf(currentLanguage())} />);
