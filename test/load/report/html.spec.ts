import { html, jsonText, scriptText } from './html.ts';

describe('html', () => {
  it('escapes its parts once', () => {
    const inner = html`<b>${'<&"\''}</b>`;
    expect(html`<p>${inner}${['a<', html`<i>`]}${3}</p>`.text).toBe('<p><b>&lt;&amp;&quot;&#39;</b>a&lt;<i>3</p>');
  });
});

describe('script contents', () => {
  it('cannot end the element', () => {
    expect(scriptText("const end = '</script>';").text).toBe("const end = '\\x3c/script>';");
    const text = jsonText({ name: '</script><!--' }).text;
    expect(text).not.toContain('<');
    expect(JSON.parse(text)).toEqual({ name: '</script><!--' });
  });
});
