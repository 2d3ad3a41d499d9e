// Chromium prints one table, driven by playwright-core: node pdf.mjs ROWS OUT TIMES. Says `ready`, waits for a line, prints, says `done`.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const { chromium } = createRequire(join(here, "../../.npm-bench/"))("playwright-core");
const [source, out, times] = process.argv.slice(2);
const executablePath = ["/usr/lib/chromium/chromium-headless-shell", "/usr/bin/chromium"].find(existsSync);
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

let browser;
for (let time = 0; time <= Number(times); time++) {
  console.log("ready");
  await lines.next();
  browser ??= await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
  const html = execFileSync("python3", [join(here, "table.py"), source], { maxBuffer: 1 << 30, encoding: "utf-8" });
  const page = await browser.newPage();
  await page.setContent(html);
  await page.pdf({ path: out, format: "A4", printBackground: true, timeout: 600_000 });
  await page.close();
  console.log("done");
}
await browser.close();
process.exit(0);
