package org.fasthebb.models.imagenet;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * The classes of ImageNet: synsets of WordNet, each with an id, its wnid, such as n01440764. A
 * label is the rank of a wnid among the sorted ones, in every layout, so that a model trained from
 * one can be used with another.
 *
 * @param wnids sorted
 * @param names one per class, in words
 */
record Synsets(List<String> wnids, List<String> names) {

  /**
   * Names classes by the first of the words for each; where two have the same, as the two cranes,
   * the wnid is added.
   *
   * @param words such as "tench, Tinca tinca", by wnid; a class without words is named by its wnid
   */
  static Synsets of(List<String> wnids, Map<String, String> words) {
    List<String> sorted = wnids.stream().sorted(Comparator.naturalOrder()).toList();
    Map<String, Integer> counts = new HashMap<>();
    for (String wnid : sorted) {
      counts.merge(first(wnid, words), 1, Integer::sum);
    }
    List<String> names =
        sorted.stream()
            .map(wnid -> {
              String name = first(wnid, words);
              return counts.get(name) == 1 ? name : name + " (" + wnid + ")";
            })
            .toList();
    return new Synsets(sorted, names);
  }

  /** The classes of these words. */
  static Synsets of(SortedMap<String, String> words) {
    return of(List.copyOf(words.keySet()), words);
  }

  private static String first(String wnid, Map<String, String> words) {
    String name = words.getOrDefault(wnid, wnid).split(",", 2)[0].strip();
    return name.isEmpty() ? wnid : name;
  }

  /** The labels by wnid. */
  Map<String, Integer> labels() {
    Map<String, Integer> labels = new HashMap<>();
    for (int label = 0; label < wnids.size(); label++) {
      labels.put(wnids.get(label), label);
    }
    return labels;
  }
}
