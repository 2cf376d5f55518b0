package org.fasthebb.models.imagenet;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.fasthebb.models.data.DataException;
import org.fasthebb.models.data.Problems;
import org.fasthebb.models.data.TarReader;

/**
 * The development kit of ILSVRC2012: which classes there are, and the classes of the validation
 * images.
 *
 * @param words for each class that has images, by wnid
 * @param truth the wnid of each validation image: that of image 1 is the first
 */
record Devkit(TreeMap<String, String> words, List<String> truth) {
  static final String FILE = "ILSVRC2012_devkit_t12.tar.gz";

  private static final String META = "data/meta.mat";
  private static final String TRUTH = "data/ILSVRC2012_validation_ground_truth.txt";

  /** Synsets that have others below them have no images of their own. */
  private static final String CHILDREN = "num_children";

  private static final String ID = "ILSVRC2012_ID";
  private static final String WNID = "WNID";
  private static final String WORDS = "words";

  /** Longer files are not part of the kit. */
  private static final int MOST_BYTES = 1 << 26;

  /**
   * Reads the kit from its archive.
   *
   * @param problems receives what is wrong with it; only then the result is empty
   */
  static Devkit read(Path archive, Problems problems) {
    try {
      Map<String, byte[]> files = files(archive);
      for (String name : List.of(META, TRUTH)) {
        if (!files.containsKey(name)) {
          throw new DataException("%s has no %s; get it again.".formatted(archive, name));
        }
      }
      return parse(archive, files.get(META), files.get(TRUTH));
    } catch (IOException e) {
      problems.add(
          new DataException(
              "%s cannot be read (%s); get it again.".formatted(archive, e.getMessage()), e));
    } catch (DataException e) {
      problems.add(e);
    }
    return new Devkit(new TreeMap<>(), List.of());
  }

  private static Map<String, byte[]> files(Path archive) throws IOException {
    Map<String, byte[]> files = new HashMap<>();
    try (InputStream in =
        new GZIPInputStream(new BufferedInputStream(Files.newInputStream(archive)))) {
      TarReader tar = new TarReader(in, archive.toString());
      for (TarReader.Entry entry = tar.next(); entry != null; entry = tar.next()) {
        for (String name : List.of(META, TRUTH)) {
          if (entry.name().endsWith("/" + name) && entry.size() <= MOST_BYTES) {
            files.put(name, tar.content().readAllBytes());
          }
        }
      }
    }
    return files;
  }

  private static Devkit parse(Path archive, byte[] meta, byte[] truth) throws IOException {
    List<Map<String, Object>> synsets;
    try {
      synsets = MatFile.structures(meta, "synsets", Set.of(ID, WNID, WORDS, CHILDREN));
    } catch (IOException e) {
      throw new IOException(META + ": " + e.getMessage(), e);
    }
    TreeMap<String, String> words = new TreeMap<>();
    Map<String, String> wnids = new HashMap<>(); // by ids as they are written
    for (Map<String, Object> synset : synsets) {
      if (synset.get(ID) instanceof Double id
          && synset.get(WNID) instanceof String wnid
          && synset.get(WORDS) instanceof String names
          && synset.get(CHILDREN) instanceof Double children) {
        if (children == 0) {
          wnids.put(Integer.toString(id.intValue()), wnid);
          words.put(wnid, names);
        }
      } else {
        throw new IOException(META + ": it is damaged");
      }
    }
    if (words.isEmpty()) {
      throw new IOException(META + ": it names no class");
    }
    List<String> classes = new ArrayList<>();
    for (String line : new String(truth, UTF_8).lines().map(String::strip).toList()) {
      String wnid = wnids.get(line);
      if (wnid == null) {
        throw new DataException(
            "%s has the line '%s' in %s, which is no ILSVRC2012_ID of a class; get it again."
                .formatted(archive, line, TRUTH));
      }
      classes.add(wnid);
    }
    return new Devkit(words, classes);
  }
}
