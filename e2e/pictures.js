// Takes the pictures of README and docs anew: scripts/browser e2e/pictures.js
import { DESK, launch, person, PHONE, signIn } from "./lib/browser.js";
import { pointer } from "./lib/hands.js";
import { report } from "./journeys/acts.js";

const folder = new URL("../docs/images/", import.meta.url).pathname;
const browser = await launch();
const take = (page, name, options) => page.screenshot({ path: `${folder}${name}.png`, ...options });

const resident = await person(browser, PHONE);
await resident.goto("/");
await take(resident, "home-phone");
const vague = { text: "隔壁每天闹到半夜，声音很大，孩子睡不着，说了几次也没有用。", area: "900102001003000", place: "夜市东头" };
const { code } = await report(resident, pointer(resident), vague);

const operator = await person(browser, DESK);
await signIn(operator, pointer(operator), "operator1");
await operator.goto(`/triage?case=${code}`);
await operator.waitForSelector("[data-keys]:not([hidden])");
await take(operator, "triage-desk");
await operator.goto("/inbox");
await take(operator, "inbox-desk");

const anyone = await person(browser, DESK);
await anyone.goto("/open");
await take(anyone, "open-desk");
await browser.close();
