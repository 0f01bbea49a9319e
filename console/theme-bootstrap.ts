// Runs before the first paint, so that neither the chosen colours nor the language flash in late.
const theme = localStorage.getItem('console.theme');
if (theme === 'light' || theme === 'dark') document.documentElement.dataset['theme'] = theme;
if (localStorage.getItem('console.language') === 'zh-Hant')
  document.documentElement.lang = 'zh-Hant-HK';
