// The map of the city: one OpenLayers map that moves from mode to mode with the reader, drawn on canvas, in the
// coordinates of the study (RD New). WebGL is not used anywhere.
import OlMap from 'ol/Map';
import View from 'ol/View';
import { ScaleLine } from 'ol/control';
import type { Extent } from 'ol/extent';
import MVT from 'ol/format/MVT';
import type PointerInteraction from 'ol/interaction/Pointer';
import Projection from 'ol/proj/Projection';
import VectorSource from 'ol/source/Vector';
import VectorTileSource from 'ol/source/VectorTile';
import TileGrid from 'ol/tilegrid/TileGrid';
import type { Ring } from '../stores/selection.svelte';
import type { Table } from '../data/columns';
import { areas } from './layers/areas';
import { background } from './layers/background';
import { bed } from './layers/bed';
import { chosen } from './layers/chosen';
import { claims } from './layers/claims';
import { ghost } from './layers/ghost';
import { ground } from './layers/ground';
import { marks } from './layers/marks';
import { names, openingLabels } from './layers/names';
import { networks } from './layers/networks';
import { past } from './layers/past';
import { plans } from './layers/plans';
import { voices } from './layers/voices';
import { years } from './layers/years';
import { lasso } from './lasso';
import { BLANK, type Paint } from './paint';
import { rowOf, streetFeatures, type StreetFeature } from './streets';

const RD_EXTENT: Extent = [-285401.92, 22598.08, 595401.92, 903401.92];
const LEVELS = 13;

export type Told = 'plans' | 'claims' | 'areas' | 'past' | 'voices';

export interface Listener {
  click: (street: number, more: boolean) => void;
  /** A row of a table that is drawn as a layer of its own. */
  row: (table: Table, row: number) => void;
  hover: (street: number) => void;
  over: (table: Table | null, row: number) => void;
  noBackground: () => void;
  area: (ring: Ring) => void;
}

export class CityMap {
  readonly map: OlMap;
  readonly view: View;
  private readonly paintNow: Paint = { ...BLANK };
  private readonly source = new VectorSource<StreetFeature>();
  private readonly tiles: VectorTileSource;
  private readonly layers;
  private readonly told;
  private readonly back;
  private overFeature: unknown = null;
  private streets: StreetFeature[] = [];
  private lines: unknown = null;
  private listener: Listener | null = null;
  private draw: PointerInteraction | null = null;

  constructor(crs: string, bbox: Extent) {
    const projection = new Projection({ code: crs, units: 'm', extent: RD_EXTENT });
    this.tiles = tileSource(projection);
    const p = this.paintNow;
    const tops = chosen(p);
    this.layers = {
      ground: ground(this.tiles, p), networks: networks(this.tiles, p), bed: bed(this.source), years: years(this.source, p),
      ghost: ghost(this.source, p), marks: marks(p), chosen: tops, names: names(p), labels: openingLabels(p),
    };
    this.told = { plans: plans(p), claims: claims(), areas: areas(), past: past(p), voices: voices() };
    this.back = background(projection, grid(0), () => this.listener?.noBackground());
    const l = this.layers;
    this.view = new View({ projection, center: [(bbox[0] + bbox[2]) / 2, (bbox[1] + bbox[3]) / 2], resolution: 2, minResolution: 0.05, maxResolution: 60, showFullExtent: true });
    this.map = new OlMap({
      view: this.view,
      controls: [new ScaleLine({ units: 'metric', minWidth: 70 })],
      layers: [this.back.layer, l.ground, l.bed, ...Object.values(this.told).map((one) => one.layer), l.networks, l.years, l.ghost, l.marks.layer, ...tops.layers, l.names.layer, l.labels.layer],
    });
    this.map.on('click', (event) => this.clicked(event.pixel, event.coordinate, (event.originalEvent as MouseEvent).shiftKey));
    this.map.on('pointermove', (event) => !event.dragging && this.hovered(event.pixel, event.coordinate));
  }

  /** Puts the map into this element; a map is in one place at a time. */
  attach(element: HTMLElement, listener: Listener): void {
    this.listener = listener;
    this.map.setTarget(element);
    this.map.updateSize();
  }

  detach(element: HTMLElement): void {
    if (this.map.getTargetElement() !== element) return;
    this.stopDrawing();
    this.map.setTarget(undefined);
    this.listener = null;
  }

  fit(extent: Extent, maxResolution = 0.25): void {
    this.view.fit(extent, { padding: [40, 40, 40, 40], minResolution: maxResolution });
  }

  /** No farther off than this: a large city begins at its heart, with what lies there in sight. */
  nearer(resolution: number): void {
    if ((this.view.getResolution() ?? 0) > resolution) this.view.setResolution(resolution);
  }

  /** Changes what is drawn; only the layers that show it are drawn again. */
  paint(changes: Partial<Paint>): void {
    const p = this.paintNow;
    const changed = (Object.keys(changes) as (keyof Paint)[]).filter((key) => p[key] !== changes[key]);
    Object.assign(p, changes);
    const any = (...keys: (keyof Paint)[]) => keys.some((key) => changed.includes(key));
    if (any('city')) this.rebuild();
    if (any('theme', 'onlyNetwork', 'city')) this.layers.networks.changed();
    if (any('city')) this.layers.ground.changed();
    if (any('theme', 'plan', 'year', 'onlyYear', 'preview', 'lit', 'crowd', 'first', 'periods', 'city')) this.layers.years.changed();
    if (any('theme', 'ghost', 'plan', 'year', 'city')) this.layers.ghost.changed();
    if (any('selected', 'hovered', 'area', 'city')) this.layers.chosen.refresh(this.streets);
    if (any('marks', 'city')) this.layers.marks.refresh(this.streets);
    if (any('plan', 'year', 'theme', 'city')) this.layers.labels.refresh(this.streets);
    if (any('selected')) this.layers.names.layer.changed();
  }

  setTiles(revision: string): void {
    const url = `/v1/tiles/{z}/{y}/{x}?collections=assets&v=${encodeURIComponent(revision)}`;
    if (this.tiles.getUrls()?.[0] !== url) this.tiles.setUrl(url);
  }

  /** Shows a table as a layer of its own, or takes it away. */
  show(name: Told, table: Table | null): void {
    this.told[name].show(table);
  }

  setBackground(on: boolean): void {
    this.back.show(on);
  }

  extentOf(streets: Iterable<number>): Extent | null {
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (const row of streets) {
      const [x0, y0, x1, y1] = this.streets[row]?.getGeometry()?.getExtent() ?? [Infinity, Infinity, -Infinity, -Infinity];
      box[0] = Math.min(box[0], x0); box[1] = Math.min(box[1], y0); box[2] = Math.max(box[2], x1); box[3] = Math.max(box[3], y1);
    }
    return Number.isFinite(box[0]) ? box : null;
  }

  /** Brings a street into sight when it is not; the scale stays. */
  reveal(streets: Iterable<number>): void {
    const box = this.extentOf(streets);
    const size = this.map.getSize();
    if (!box || !size) return;
    const [x0, y0, x1, y1] = this.view.calculateExtent(size);
    const centre = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
    if (centre[0] < x0 || centre[0] > x1 || centre[1] < y0 || centre[1] > y1) this.view.setCenter(centre);
  }

  zoom(steps: number): void {
    this.view.adjustZoom(steps);
  }

  pan(dx: number, dy: number): void {
    const size = this.map.getSize();
    if (!size) return;
    const r = this.view.getResolution() ?? 1;
    const [x, y] = this.view.getCenter() ?? [0, 0];
    this.view.setCenter([x + dx * size[0] * 0.1 * r, y + dy * size[1] * 0.1 * r]);
  }

  startDrawing(done: () => void): void {
    this.stopDrawing();
    this.draw = lasso(
      (ring) => this.paint({ area: ring }),
      (ring) => {
        this.stopDrawing();
        done();
        this.listener?.area(ring);
      },
    );
    this.map.addInteraction(this.draw);
  }

  stopDrawing(): void {
    if (this.draw) this.map.removeInteraction(this.draw);
    this.draw = null;
  }

  /** The street under the pointer, or -1. */
  streetAt(coordinate: number[], tolerance = 12): number {
    const reach = tolerance * (this.view.getResolution() ?? 1);
    const feature = this.source.getClosestFeatureToCoordinate(coordinate);
    if (!feature) return -1;
    const [x, y] = feature.getGeometry()!.getClosestPoint(coordinate);
    return Math.hypot(x - coordinate[0], y - coordinate[1]) <= reach ? rowOf(feature) : -1;
  }

  /** The middle of a street on the screen, for tests and for the focus ring. */
  pixelOf(street: number): number[] | null {
    const geometry = this.streets[street]?.getGeometry();
    if (!geometry) return null;
    const [x0, y0, x1, y1] = geometry.getExtent();
    return this.map.getPixelFromCoordinate(geometry.getClosestPoint([(x0 + x1) / 2, (y0 + y1) / 2]));
  }

  /** Streets become features once; a city that only got its works has the same lines. Names follow when the map stands. */
  private rebuild(): void {
    const lines = this.paintNow.city?.streets.lines ?? null;
    if (lines && lines === this.lines) return;
    this.lines = lines;
    setTimeout(() => this.layers.names.refresh(), 200);
    this.streets = this.paintNow.city ? streetFeatures(this.paintNow.city) : [];
    this.source.clear(true);
    this.source.addFeatures(this.streets);
  }

  private clicked(pixel: number[], coordinate: number[], more: boolean): void {
    if (this.draw) return;
    const marked = this.map.forEachFeatureAtPixel(pixel, (feature) => rowOf(feature), { layerFilter: (layer) => layer === this.layers.marks.layer });
    if (marked !== undefined) return this.listener?.click(marked, more);
    const own = this.toldAt(pixel);
    if (own) this.listener?.row(own.get('table') as Table, own.get('at') as number);
    else this.listener?.click(this.streetAt(coordinate), more);
  }

  /** The plan, claim, area or remark under the pointer; of an area only when nothing smaller lies there. */
  private toldAt(pixel: number[]): { get(key: string): unknown } | undefined {
    const small = [this.told.voices.layer, this.told.claims.layer, this.told.plans.layer, this.told.past.layer];
    return this.map.forEachFeatureAtPixel(pixel, (feature) => feature, { layerFilter: (layer) => small.includes(layer as never), hitTolerance: 3 });
  }

  private hovered(pixel: number[], coordinate: number[]): void {
    const own = this.draw ? undefined : this.toldAt(pixel);
    if (own !== this.overFeature) {
      this.overFeature = own;
      this.listener?.over((own?.get('table') as Table) ?? null, (own?.get('at') as number) ?? -1);
    }
    const street = this.draw ? -1 : this.streetAt(coordinate);
    this.map.getTargetElement()?.classList.toggle('pointing', street >= 0 || own !== undefined);
    if (street !== this.paintNow.hovered) this.listener?.hover(street);
  }
}

function grid(minZoom: number): TileGrid {
  const resolutions = Array.from({ length: LEVELS }, (_, z) => 3440.64 / 2 ** z);
  return new TileGrid({ extent: RD_EXTENT, origin: [RD_EXTENT[0], RD_EXTENT[3]], resolutions, tileSize: 256, minZoom });
}

function tileSource(projection: Projection): VectorTileSource {
  return new VectorTileSource({ format: new MVT(), projection, tileGrid: grid(9) });
}
