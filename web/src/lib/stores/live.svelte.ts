// What a screen reader is told: the result of an edit, politely; loss of connection, at once.
class Live {
  polite = $state('');
  assertive = $state('');

  tell(sentence: string): void {
    this.polite = sentence;
  }

  shout(sentence: string): void {
    this.assertive = sentence;
  }
}

export const live = new Live();
