// How <tansiq-map> looks: all colours come from the stylesheet, so that light and dark follow.
const STEPS = 6;

export function colour(element, name) {
    return getComputedStyle(element).getPropertyValue(name).trim();
}

export function bounds(features) {
    const box = [180, 90, -180, -90];
    const widen = (part) => {
        if (typeof part[0] === "number") {
            box[0] = Math.min(box[0], part[0]);
            box[1] = Math.min(box[1], part[1]);
            box[2] = Math.max(box[2], part[0]);
            box[3] = Math.max(box[3], part[1]);
        } else {
            part.forEach(widen);
        }
    };
    features.forEach((feature) => widen(feature.geometry.coordinates));
    return box;
}

export function paint(element) {
    const unknown = "rgba(0, 0, 0, 0)";
    const steps = Array.from({ length: STEPS }, (_, step) => [step, colour(element, `--step-${step}`)]);
    return ["match", ["coalesce", ["get", "step"], -1], ...steps.flat(), unknown];
}

export function mapStyle(element, data) {
    const line = colour(element, "--ink-3");
    const chosen = ["boolean", ["feature-state", "chosen"], false];
    const edge = ["case", chosen, colour(element, "--ink"), line];
    const isPoint = ["==", ["geometry-type"], "Point"];
    const areas = { source: "places", filter: ["!", isPoint] };
    return {
        version: 8,
        sources: { places: { type: "geojson", data } },
        layers: [
            { id: "ground", type: "background", paint: { "background-color": colour(element, "--paper") } },
            { id: "areas", type: "fill", ...areas, paint: { "fill-color": paint(element) } },
            {
                id: "lines",
                type: "line",
                ...areas,
                paint: { "line-color": edge, "line-width": ["case", chosen, 2.5, 0.6] },
            },
            {
                id: "spots",
                type: "circle",
                source: "places",
                filter: isPoint,
                paint: {
                    "circle-color": paint(element),
                    "circle-radius": 7,
                    "circle-stroke-color": edge,
                    "circle-stroke-width": ["case", chosen, 2.5, 1],
                },
            },
        ],
    };
}
