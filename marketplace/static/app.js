// Progressive enhancement only: every page works without this file.
import { CharacterCount, initAll } from "govuk-frontend";
import { countCharacters, countWords } from "words";

// The design system's own count differs from the server's where white space is unusual.
CharacterCount.prototype.updateCount = function updateCount() {
  const text = this.$textarea.value;
  this.count = this.config.maxwords ? countWords(text) : countCharacters(text);
};

initAll();
