// <tansiq-map source="id of a json_script" worker="address of the worker">: a map to pan and zoom in
// place of the drawn one inside it. It loads when it comes into view, not on slow or metered lines,
// and if anything fails the drawn map simply stays. Features carry: code, name, words, step, url.
import { bounds, colour, mapStyle, paint } from "./map-style.js";

const NEARLY = "120px";

function isSlowLine() {
    const line = navigator.connection;
    return Boolean(line && (line.saveData || /2g|3g/.test(line.effectiveType ?? "")));
}

class TansiqMap extends HTMLElement {
    #map = null;
    #watch = null;

    connectedCallback() {
        if (isSlowLine() || !window.IntersectionObserver) {
            return;
        }
        const watcher = new IntersectionObserver((entries) => {
            if (entries.some((entry) => entry.isIntersecting)) {
                watcher.disconnect();
                this.#start().catch(() => this.#giveUp());
            }
        }, { rootMargin: NEARLY });
        watcher.observe(this);
    }

    disconnectedCallback() {
        this.#watch?.disconnect();
        this.#map?.remove();
        this.#map = null;
    }

    async #start() {
        const data = await this.#data();
        data.features = data.features.filter((feature) => feature.geometry);
        data.features.forEach((feature, place) => {
            feature.id = place;
        });
        const { Map, setWorkerUrl } = await import("../vendor/maplibre/maplibre-gl.mjs");
        setWorkerUrl(this.getAttribute("worker"));
        const live = document.createElement("div");
        live.className = "live";
        live.dir = "ltr";
        const drawn = this.querySelector("svg.map");
        if (drawn) {
            const { width, height } = drawn.viewBox.baseVal;
            live.style.aspectRatio = `${width} / ${height}`;
            drawn.before(live);
        } else {
            this.prepend(live);
        }
        this.#map = new Map({
            container: live,
            style: mapStyle(this, data),
            bounds: bounds(data.features),
            fitBoundsOptions: { padding: 24 },
            attributionControl: false,
            dragRotate: false,
            pitchWithRotate: false,
            cooperativeGestures: false,
            scrollZoom: false,
        });
        this.#map.touchZoomRotate.disableRotation();
        this.#map.getCanvas().setAttribute("aria-label", this.getAttribute("label") ?? "");
        this.#map.on("error", () => this.#giveUp());
        this.#map.once("load", () => this.#replace());
        this.#listen(live);
        this.#addButtons(live);
    }

    async #data() {
        const source = document.getElementById(this.getAttribute("source"));
        if (source) {
            return JSON.parse(source.textContent);
        }
        const answer = await fetch(this.getAttribute("src"), { headers: { Accept: "application/json" } });
        if (!answer.ok) {
            throw new Error(`The map's data came with ${answer.status}.`);
        }
        return answer.json();
    }

    #listen(live) {
        const said = document.createElement("output");
        live.append(said);
        let chosen = null;
        const choose = (feature) => {
            if (chosen !== null) {
                this.#map.setFeatureState({ source: "places", id: chosen }, { chosen: false });
            }
            chosen = feature?.id ?? null;
            if (chosen !== null) {
                this.#map.setFeatureState({ source: "places", id: chosen }, { chosen: true });
            }
            const told = feature?.properties;
            said.textContent = told ? [told.name, told.words].filter(Boolean).join(": ") : "";
            this.#map.getCanvas().style.cursor = told?.url ? "pointer" : "";
        };
        const at = (event) => this.#map.queryRenderedFeatures(event.point, { layers: ["spots", "areas"] })[0];
        this.#map.on("mousemove", (event) => choose(at(event)));
        this.#map.on("mouseout", () => choose(null));
        this.#map.on("click", (event) => {
            const feature = at(event);
            // A finger has no hover: the first tap names the place, the second opens it.
            const isKnown = feature && (feature.id === chosen || event.originalEvent.pointerType === "mouse");
            choose(feature);
            if (isKnown && feature.properties.url) {
                window.location.assign(feature.properties.url);
            }
        });
    }

    #addButtons(live) {
        const box = document.createElement("div");
        box.className = "zoom";
        const add = (sign, label, act) => {
            const button = document.createElement("button");
            button.type = "button";
            button.className = "btn";
            button.textContent = sign;
            button.setAttribute("aria-label", label ?? sign);
            button.addEventListener("click", act);
            box.append(button);
        };
        add("+", this.getAttribute("zoom-in"), () => this.#map.zoomIn());
        add("−", this.getAttribute("zoom-out"), () => this.#map.zoomOut());
        live.append(box);
    }

    #replace() {
        const drawn = this.querySelector("svg.map");
        if (drawn) {
            drawn.dataset.replaced = "yes";
        }
        this.#watch = new MutationObserver(() => {
            this.#map?.setPaintProperty("areas", "fill-color", paint(this));
            this.#map?.setPaintProperty("spots", "circle-color", paint(this));
            this.#map?.setPaintProperty("ground", "background-color", colour(this, "--paper"));
        });
        this.#watch.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    }

    #giveUp() {
        this.disconnectedCallback();
        this.querySelector(".live")?.remove();
        this.querySelector("svg.map")?.removeAttribute("data-replaced");
    }
}

customElements.define("tansiq-map", TansiqMap);
