// Bundles the panel's styles, scripts and icons into ../static, with hashes in their names.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const web = dirname(here);
const out = join(web, "static");
const icons = join(here, "node_modules/@tabler/icons/icons/outline");

function* files(folder, ending) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !["node_modules", "static"].includes(entry.name)) yield* files(path, ending);
    else if (entry.name.endsWith(ending)) yield path;
  }
}

/** The icons that templates and pages name. */
function usedIcons() {
  const found = new Set();
  const named = /(?:icon|empty)\(\s*["']([a-z0-9-]+)["']|icon=["']([a-z0-9-]+)["']/g;
  for (const ending of [".html", ".py"])
    for (const path of files(web, ending))
      for (const match of readFileSync(path, "utf8").matchAll(named)) found.add(match[1] ?? match[2]);
  for (const match of readFileSync(join(web, "menu.py"), "utf8").matchAll(/"([a-z0-9-]+)"/g))
    if (existsSync(join(icons, `${match[1]}.svg`))) found.add(match[1]);
  return [...found].sort();
}

function sprite() {
  const symbols = usedIcons().map((name) => {
    const path = join(icons, `${name}.svg`);
    if (!existsSync(path)) throw new Error(`there is no icon called ${name}`);
    const inner = readFileSync(path, "utf8").match(/<svg[^>]*>([\s\S]*)<\/svg>/)[1].trim();
    return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${inner}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`;
}

const bundled = await build({
  entryPoints: ["panel.css", "panel.js", "theme.js"].map((name) => join(here, name)),
  bundle: true, minify: true, write: false, outdir: out, format: "iife", target: ["es2020", "chrome90", "firefox90", "safari15"],
  legalComments: "none", loader: { ".svg": "dataurl" },
});

const made = Object.fromEntries(bundled.outputFiles.map((file) => [file.path.split("/").pop(), Buffer.from(file.contents)]));
made["icons.svg"] = Buffer.from(sprite());
made["icon.svg"] = readFileSync(join(here, "icon.svg"));

const partial = `${out}.partial-${process.pid}`;
mkdirSync(partial, { recursive: true });
const manifest = {};
for (const [name, contents] of Object.entries(made)) {
  const hash = createHash("sha256").update(contents).digest("hex").slice(0, 10);
  const built = name.replace(/\.([a-z]+)$/, `-${hash}.$1`);
  manifest[name] = built;
  writeFileSync(join(partial, built), contents);
  writeFileSync(join(partial, `${built}.gz`), gzipSync(contents, { level: 9 }));
  writeFileSync(join(partial, `${built}.br`), brotliCompressSync(contents));
}
writeFileSync(join(partial, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
rmSync(out, { recursive: true, force: true });
renameSync(partial, out);
