// Builds the bundle into ../static/dist: hashed files, gzip copies, manifest.json and icons.json.
// `node build.mjs --watch` rebuilds on each change.
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "../static/dist");
const dist = `${target}.new`; // built aside, then put in place at once
const compress = promisify(gzip);

// Two texts of form-js do not pass through its translate service: send them through it.
const untranslated = [
  ["children: valueLabel || 'Select'", "children: ((t) => valueLabel || t('Select'))(useService('translate'))"],
  ["placeholder: 'Search',", "placeholder: useService('translate')('Search'),"],
];
const translateFormJs = {
  name: "translate-form-js",
  setup(build) {
    build.onLoad({ filter: /form-js-viewer\/dist\/index\.es\.js$/ }, async ({ path }) => {
      let contents = await readFile(path, "utf8");
      for (const [from, to] of untranslated) {
        if (!contents.includes(from)) throw new Error(`form-js has changed, look at ${from}`);
        contents = contents.replace(from, to);
      }
      return { contents, loader: "js" };
    });
  },
};

const shared = {
  absWorkingDir: here,
  bundle: true,
  minify: true,
  target: ["chrome109", "firefox115", "safari16"],
  outdir: dist,
  metafile: true,
  legalComments: "linked",
  logLevel: "warning",
  loader: { ".woff": "file", ".woff2": "file", ".ttf": "dataurl", ".eot": "empty", ".svg": "dataurl", ".png": "dataurl" },
  entryNames: "[name]-[hash]",
  chunkNames: "chunks/[name]-[hash]",
  assetNames: "assets/[name]-[hash]",
};

const modules = {
  ...shared,
  entryPoints: ["src/app.js", "src/styles/app.css", "src/styles/forms.css", "src/styles/diagram.css"],
  format: "esm",
  splitting: true,
  plugins: [translateFormJs],
};

// Runs before the first paint, so it is a classic script of its own.
const theme = { ...shared, entryPoints: ["src/theme.js"], format: "iife" };

async function hashedCopy(source) {
  const content = await readFile(join(here, source));
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 8).toUpperCase();
  const [stem, extension] = basename(source).split(/\.(?=[^.]+$)/);
  const name = `${stem}-${hash}.${extension}`;
  await writeFile(join(dist, name), content);
  return [basename(source), name];
}

function entries(metafile) {
  return Object.entries(metafile.outputs)
    .filter(([, output]) => output.entryPoint)
    .map(([path, output]) => [
      basename(output.entryPoint),
      relative(dist, join(here, path)),
    ])
    .filter(([name]) => /\.(js|css)$/.test(name));
}

async function icons() {
  const nodes = JSON.parse(await readFile(join(here, "node_modules/@tabler/icons/tabler-nodes-outline.json")));
  const draw = ([tag, attributes]) =>
    `<${tag} ${Object.entries(attributes).map(([key, value]) => `${key}="${value}"`).join(" ")}/>`;
  const drawn = Object.fromEntries(Object.entries(nodes).map(([name, parts]) => [name, parts.map(draw).join("")]));
  await writeFile(join(dist, "icons.json"), JSON.stringify(drawn));
}

async function gzipAll() {
  const files = await readdir(dist, { recursive: true });
  const texts = files.filter((name) => /\.(js|css)$/.test(name));
  await Promise.all(
    texts.map(async (name) => writeFile(join(dist, `${name}.gz`), await compress(await readFile(join(dist, name))))),
  );
}

async function build() {
  await rm(dist, { recursive: true, force: true });
  await mkdir(dist, { recursive: true });
  const results = await Promise.all([esbuild.build(modules), esbuild.build(theme)]);
  const copies = await Promise.all(["src/favicon.svg"].map(hashedCopy));
  const manifest = Object.fromEntries([...results.flatMap((result) => entries(result.metafile)), ...copies]);
  await icons();
  await gzipAll();
  await writeFile(join(dist, "manifest.json"), JSON.stringify(manifest, null, 2));
  await rm(target, { recursive: true, force: true });
  await rename(dist, target);
}

await build();
if (process.argv.includes("--watch")) {
  const { watch } = await import("node:fs");
  let waiting;
  watch(join(here, "src"), { recursive: true }, () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => build().catch((error) => console.error(error.message)), 100);
  });
}
