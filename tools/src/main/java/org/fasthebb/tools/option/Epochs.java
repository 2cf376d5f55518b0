package org.fasthebb.tools.option;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.fasthebb.models.protocol.Method;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * The epochs of pre-training for several rules.
 *
 * @param common epochs of rules that are not in {@code own}
 * @param own epochs by rule
 */
public record Epochs(int common, Map<Method, Integer> own) {
  /** The authors' number of epochs. */
  static final int AUTHORS = 20;

  int of(Method method) {
    return own.getOrDefault(method, common);
  }

  /** All epochs that are not the authors', as words such as epochs=2 and swta-epochs=1. */
  List<String> unusual() {
    List<String> words = new ArrayList<>();
    own.forEach((method, epochs) -> words.add(method + "-epochs=" + epochs));
    Collections.sort(words); // the map has no order
    if (common != AUTHORS) {
      words.addFirst("epochs=" + common);
    }
    return words;
  }

  /** Reads "20", "swta=1,hpca=12" (20 for others) or "5,swta=1". */
  static final class EpochsConverter implements ITypeConverter<Epochs> {
    @Override
    public Epochs convert(String text) {
      int common = AUTHORS;
      Map<Method, Integer> own = new HashMap<>();
      for (String part : text.split(",", -1)) {
        String[] words = part.strip().split("=", 2);
        int epochs = number(words[words.length - 1].strip(), text);
        if (words.length == 1) {
          common = epochs;
        } else {
          own.put(method(words[0].strip(), text), epochs);
        }
      }
      return new Epochs(common, own);
    }

    private static int number(String word, String text) {
      try {
        int epochs = Integer.parseInt(word);
        if (epochs >= 1) {
          return epochs;
        }
      } catch (NumberFormatException e) {
        // Refused below, like numbers out of range.
      }
      throw new TypeConversionException(
          "'" + text + "' names no epochs; write 20 or swta=1,hpca=12, each at least 1");
    }

    private static Method method(String word, String text) {
      return Method.named(word)
          .filter(Method::isPretrained)
          .orElseThrow(() ->
              new TypeConversionException(
                  "'" + text + "' has epochs of '" + word + "'; name " + pretrained()));
    }

    private static String pretrained() {
      return Method.all().stream()
          .filter(Method::isPretrained)
          .map(Method::name)
          .collect(Collectors.joining(", "));
    }
  }
}
