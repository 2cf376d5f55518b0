package org.fasthebb.tools.console;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;

/** Guesses which of some known words a person meant to type. */
public final class Suggestion {
  private Suggestion() {}

  /** "; did you mean X?" for the known word that is most like a wrong one, or nothing. */
  public static String of(String wrong, Collection<String> known) {
    int most = Math.max(1, wrong.length() / 3);
    return known.stream()
        .filter(word -> Math.abs(word.length() - wrong.length()) <= most)
        .min(Comparator.comparingInt(word -> distance(wrong, word)))
        .filter(word -> distance(wrong, word) <= most)
        .map(word -> "; did you mean " + word + "?")
        .orElse("");
  }

  /**
   * The number of characters to insert, delete, replace or swap with their neighbour to get from
   * one word to another (Damerau and Levenshtein).
   */
  static int distance(String from, String to) {
    int[][] d = new int[from.length() + 1][to.length() + 1];
    for (int i = 0; i <= from.length(); i++) {
      for (int j = 0; j <= to.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        boolean same = from.charAt(i - 1) == to.charAt(j - 1);
        int[] ways = {d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (same ? 0 : 1)};
        d[i][j] = Arrays.stream(ways).min().getAsInt();
        if (i > 1
            && j > 1
            && from.charAt(i - 1) == to.charAt(j - 2)
            && from.charAt(i - 2) == to.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[from.length()][to.length()];
  }
}
