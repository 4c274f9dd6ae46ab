// Sheets that a script imports: Vite takes them into the page's own.
declare module '*.css';
