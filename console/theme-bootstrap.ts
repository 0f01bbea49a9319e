// Applies theme and language before the first paint, to avoid a flash of the default ones.
const theme = localStorage.getItem('console.theme');
if (theme === 'light' || theme === 'dark') document.documentElement.dataset['theme'] = theme;
if (localStorage.getItem('console.language') === 'zh-Hant')
  document.documentElement.lang = 'zh-Hant-HK';
