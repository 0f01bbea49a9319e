import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The JDK has no JSON library; a real program uses one. Objects are maps that keep their order,
 * numbers keep their text.
 */
final class Json {
    /** A number as it is written. */
    record Number(String text) {}

    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    /** @throws IllegalArgumentException when the text is not JSON */
    static Object parse(String text) {
        Json reader = new Json(text);
        Object value = reader.value();
        reader.skipSpace();
        if (reader.at != text.length()) throw reader.malformed();
        return value;
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> parseObject(String text) {
        if (parse(text) instanceof Map<?, ?> object) return (Map<String, Object>) object;
        throw new IllegalArgumentException("not a JSON object");
    }

    static String write(Object value) {
        if (value instanceof Map<?, ?> object) {
            List<String> members = new ArrayList<>();
            object.forEach((name, item) -> members.add(write(name) + ":" + write(item)));
            return "{" + String.join(",", members) + "}";
        }
        if (value instanceof List<?> list) return "[" + String.join(",", list.stream().map(Json::write).toList()) + "]";
        if (value instanceof Number number) return number.text();
        if (!(value instanceof String string)) return String.valueOf(value);
        StringBuilder written = new StringBuilder("\"");
        for (char c : string.toCharArray()) {
            if (c == '"' || c == '\\') written.append('\\').append(c);
            else if (c < 0x20) written.append(String.format("\\u%04x", (int) c));
            else written.append(c);
        }
        return written.append('"').toString();
    }

    private Object value() {
        skipSpace();
        char first = peek();
        if (first == '{') return object();
        if (first == '[') return list();
        if (first == '"') return string();
        int start = at;
        while (at < text.length() && ",]} \t\r\n".indexOf(text.charAt(at)) < 0) at++;
        String word = text.substring(start, at);
        switch (word) {
            case "true", "false": return Boolean.valueOf(word);
            case "null": return null;
            default:
                if (!word.matches("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?")) throw malformed();
                return new Number(word);
        }
    }

    private Map<String, Object> object() {
        Map<String, Object> object = new LinkedHashMap<>();
        for (at++; !closes('}', object.isEmpty()); ) {
            skipSpace();
            String name = string();
            skipSpace();
            if (next() != ':') throw malformed();
            object.put(name, value());
        }
        return object;
    }

    private List<Object> list() {
        List<Object> list = new ArrayList<>();
        for (at++; !closes(']', list.isEmpty()); ) list.add(value());
        return list;
    }

    /** Reads the end of an object or list, or the comma before its next member. */
    private boolean closes(char end, boolean isFirst) {
        skipSpace();
        if (peek() == end) {
            at++;
            return true;
        }
        if (!isFirst && next() != ',') throw malformed();
        return false;
    }

    private String string() {
        if (next() != '"') throw malformed();
        StringBuilder read = new StringBuilder();
        for (char c = next(); c != '"'; c = next()) {
            if (c != '\\') {
                read.append(c);
                continue;
            }
            char escape = next();
            int index = "\"\\/bfnrt".indexOf(escape);
            if (index >= 0) {
                read.append("\"\\/\b\f\n\r\t".charAt(index));
            } else {
                if (escape != 'u' || at + 4 > text.length()) throw malformed();
                read.append((char) Integer.parseInt(text.substring(at, at += 4), 16));
            }
        }
        return read.toString();
    }

    private char peek() {
        if (at >= text.length()) throw malformed();
        return text.charAt(at);
    }

    private char next() {
        char c = peek();
        at++;
        return c;
    }

    private void skipSpace() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) at++;
    }

    private IllegalArgumentException malformed() {
        return new IllegalArgumentException("malformed JSON at " + at);
    }
}
