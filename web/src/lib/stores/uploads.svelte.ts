// A list that was dropped on the page: read by the server, questioned, and taken into the study as one change.
import { api } from '../api/client';
import { Problem } from '../api/problem';
import type { Upload } from '../api/types';
import { number } from '../format';
import { t } from '../texts';
import { study } from './study.svelte';
import { ui } from './ui.svelte';

const LIMIT = 500 * 1024 * 1024;

class Uploads {
  reading = $state<string | null>(null);
  upload = $state.raw<Upload | null>(null);
  error = $state('');
  command = $state('');
  open = $state(false);
  busy = $state(false);
  private stop: AbortController | null = null;

  /** Lets the reader choose a file; the same door as dropping one. */
  choose(): void {
    const input = document.createElement('input');
    input.type = 'file';
    input.accept = '.xlsx,.xls,.xlsm,.ods,.csv,.gpkg,.zip,.gml,.xml,.geojson';
    input.onchange = () => input.files?.[0] && void this.take(input.files[0]);
    input.click();
  }

  async take(file: File): Promise<void> {
    this.open = true;
    this.upload = null;
    this.error = '';
    this.command = '';
    if (file.size > LIMIT) {
      this.error = t('tooLarge', { size: `${number(file.size / 1024 ** 3, ui.language, 1)} GB` });
      this.command = `integralie read ${file.name}`;
      return;
    }
    this.reading = file.name;
    this.stop = new AbortController();
    await this.guard(async () => (this.upload = await api.upload(file, this.stop!.signal)));
    this.reading = null;
  }

  async answer(answers: Record<string, string>): Promise<void> {
    if (this.upload) await this.guard(async () => (this.upload = await api.answers(this.upload!.id, answers)));
  }

  async adopt(): Promise<void> {
    const { upload } = this;
    if (!upload) return;
    await this.guard(async () => {
      const answer = await api.adoptUpload(upload.id, { who: ui.who || t('someone'), why: upload.name });
      this.close(false);
      await study.take(answer);
    });
  }

  close(drop = true): void {
    this.stop?.abort();
    if (drop && this.upload) void api.dropUpload(this.upload.id).catch(() => undefined);
    this.open = false;
    this.reading = null;
    this.upload = null;
  }

  private async guard(work: () => Promise<unknown>): Promise<void> {
    try {
      this.error = '';
      this.busy = true;
      await work();
    } catch (error) {
      if (error instanceof DOMException) return;
      this.error = error instanceof Problem ? error.message : t('unreachable');
      this.command = error instanceof Problem ? String(error.body.command ?? '') : '';
    } finally {
      this.busy = false;
    }
  }
}

export const uploads = new Uploads();
