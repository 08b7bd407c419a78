/** Makes the buttons beside commands copy them. It makes text nodes only. */
export const COPY_BUTTONS = `
  for (const button of document.querySelectorAll('button.copy')) {
    button.addEventListener('click', async () => {
      const code = button.parentNode.querySelector('code');
      try {
        await navigator.clipboard.writeText(code.textContent);
        button.textContent = 'Copied';
      } catch {
        getSelection().selectAllChildren(code);
        button.textContent = document.execCommand('copy') ? 'Copied' : 'Selected';
      }
      setTimeout(() => { button.textContent = 'Copy'; }, 1500);
    });
  }
`;

/** The script of a page that has nothing else to do: shows what works only with it. It stands between `<script>` tags as it is. */
export const COPY_SCRIPT = `
'use strict';
(() => {
  for (const one of document.querySelectorAll('.scripted')) one.hidden = false;
${COPY_BUTTONS}})();
`;
