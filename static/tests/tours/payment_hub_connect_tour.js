import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const title = (text) => `.modal h3:contains(${text})`;

// Wait for a page of the wizard, answer it, and go on.
const page = (text, ...answer) => [
    { content: `Page ${text}`, trigger: title(text) },
    ...answer,
    {
        content: `Leave page ${text}`,
        trigger: ".modal button[name=action_continue]",
        run: "click",
    },
];
const enter = (field, value) => ({
    content: `Enter ${field}`,
    trigger: `.modal .o_field_widget[name=${field}] input`,
    run: `edit ${value}`,
});

// A manager connects a provider that has an API and several settings.
registry.category("web_tour.tours").add("payment_hub_connect", {
    url: "/odoo",
    steps: () => [
        ...stepUtils.goToAppSteps("payment_hub.payment_hub_menu_root", "Open the app"),
        {
            content: "Open the wizard",
            trigger: "button:contains(Connect a Provider)",
            run: "click",
        },
        ...page("Provider", {
            content: "Choose the provider",
            trigger: ".modal .o_selection_badge:contains(Acme Pay)",
            run: "click",
        }),
        ...page("Merchant Code", enter("text", "M1")),
        ...page("Client ID"),
        ...page("API Key", enter("value", "acme_key_1234")),
        ...page(
            "Days",
            {
                content: "See the choices",
                trigger: ".modal .o_field_widget[name=choice] input",
                run: "click",
            },
            {
                content: "Choose",
                trigger: ".o_select_menu_item:contains(1 day)",
                run: "click",
            }
        ),
        ...page("Site"),
        ...page("Test"),
        {
            content: "It tells whose credentials they are",
            trigger: ".modal .alert-success:contains(Harbor & Pine)",
        },
        {
            content: "Have the provider make the webhook",
            trigger: ".modal button[name=action_register_webhook]",
            run: "click",
        },
        {
            content: "It is registered",
            trigger: ".modal .o_field_widget[name=webhook_ref]:contains(wh_7)",
        },
        ...page("Webhook"),
        { content: "Last page", trigger: title("Ledger and Start") },
        {
            content: "Start",
            trigger: ".modal button[name=action_start]",
            run: "click",
        },
        {
            content: "It runs",
            trigger: ".modal .alert-success:contains(takes messages now)",
        },
        {
            content: "Look at the connection",
            trigger: ".modal button[name=action_open_connection]",
            run: "click",
        },
        {
            content: "It offers what the provider can do",
            trigger: ".o_form_view button[name=action_check_credentials]",
            run: "click",
        },
        {
            content: "The credentials work",
            trigger: ".o_notification:contains(Harbor & Pine)",
        },
    ],
});
