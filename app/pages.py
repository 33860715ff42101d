"""All pages there are: the blueprints of every domain, for `wiring`."""

from __future__ import annotations

from flask import Blueprint

from app.accounts.views import admin as admin_views
from app.accounts.views import confirmations as confirmation_views
from app.accounts.views import drafts as draft_views
from app.accounts.views import feed_keys as feed_key_views
from app.accounts.views import handovers as handover_views
from app.accounts.views import members as member_views
from app.accounts.views import passwords as password_views
from app.accounts.views import recovery_codes as recovery_code_views
from app.accounts.views import security_settings as security_settings_views
from app.accounts.views import sessions as session_views
from app.accounts.views import settings as settings_views
from app.accounts.views import signups as signup_views
from app.attendance.views import attendance as attendance_views
from app.attendance.views import reports as attendance_report_views
from app.certificates.views import certificates as certificate_views
from app.core.views import dev_mail, preferences
from app.datepolls.views import polls as poll_views
from app.feedback.views import feedback as feedback_views
from app.feedback.views import results as feedback_result_views
from app.feedback.views import surveys as survey_views
from app.files.views import files as file_views
from app.forum.views import acceptances as acceptance_views
from app.forum.views import attributions as attribution_views
from app.forum.views import bookmarks as bookmark_views
from app.forum.views import completions as completion_views
from app.forum.views import consolidations as consolidation_views
from app.forum.views import deadlines as deadline_views
from app.forum.views import edits as edit_views
from app.forum.views import follows as follow_views
from app.forum.views import hidings as hiding_views
from app.forum.views import lists as list_views
from app.forum.views import live as live_views
from app.forum.views import locks as lock_views
from app.forum.views import marks as mark_views
from app.forum.views import menus as menu_views
from app.forum.views import merges as merge_views
from app.forum.views import moves as move_views
from app.forum.views import overviews as overview_views
from app.forum.views import permalinks as permalink_views
from app.forum.views import pins as pin_views
from app.forum.views import posts as post_views
from app.forum.views import previews as preview_views
from app.forum.views import prints as print_views
from app.forum.views import removals as removal_views
from app.forum.views import responses as response_views
from app.forum.views import revisions as revision_views
from app.forum.views import similar as similar_views
from app.forum.views import splits as split_views
from app.forum.views import thread_tags as thread_tag_views
from app.forum.views import threads as thread_views
from app.forum.views import titles as title_views
from app.forum.views import topic_tags as topic_tag_views
from app.home.views import crawlers as crawler_views
from app.home.views import feeds as feed_views
from app.home.views import health as health_views
from app.home.views import home as home_views
from app.home.views import pages as page_views
from app.home.views import site_health as site_health_views
from app.live.views import joins as join_views
from app.live.views import live_parts as live_part_views
from app.live.views import rooms as room_views
from app.mailbox.views import inbound as inbound_views
from app.mailbox.views import webinar_mail as webinar_mail_views
from app.materials.views import materials as material_views
from app.materials.views import recordings as recording_views
from app.messages.views import conversations as conversation_views
from app.messages.views import messages as message_views
from app.messages.views import reports as message_report_views
from app.network.views import cities as city_views
from app.notes.views import actions as action_views
from app.notes.views import actions_register as actions_register_views
from app.notes.views import catch_ups as catch_up_views
from app.notes.views import corrections as correction_views
from app.notes.views import decisions as decision_views
from app.notes.views import decisions_register as decisions_register_views
from app.notes.views import followups as followup_views
from app.notes.views import guest_links as guest_link_views
from app.notes.views import insertions as insertion_views
from app.notes.views import knowledge as knowledge_views
from app.notes.views import note_takers as note_taker_views
from app.notes.views import notes as note_views
from app.notes.views import presences as presence_views
from app.notes.views import promises as promise_views
from app.notes.views import reviews as review_views
from app.notes.views import section_acts as section_act_views
from app.notes.views import sections as section_views
from app.notes.views import summaries as summary_views
from app.notes.views import summary_changes as summary_change_views
from app.notes.views import summary_mails as summary_mail_views
from app.notes.views import topic_years as topic_year_views
from app.notes.views import webinar_tables as webinar_table_views
from app.notifications.views import notices as notice_views
from app.polls.views import poll_openings as poll_opening_views
from app.polls.views import poll_votes as poll_vote_views
from app.polls.views import quick_polls as quick_poll_views
from app.questions.views import question_acts as question_act_views
from app.questions.views import question_threads as question_thread_views
from app.questions.views import questions as question_views
from app.search.views import search as search_views
from app.statistics.views import coverages as coverage_views
from app.statistics.views import figures as figure_views
from app.statistics.views import statistics as statistics_views
from app.topics.views import topics as topic_views
from app.webinars.views import approvals as approval_views
from app.webinars.views import calendar_answers as calendar_answer_views
from app.webinars.views import calendar_keys as calendar_key_views
from app.webinars.views import calendars as calendar_views
from app.webinars.views import cancellations as cancellation_views
from app.webinars.views import checklists as checklist_views
from app.webinars.views import copies as copy_views
from app.webinars.views import offers as offer_views
from app.webinars.views import organisers as webinar_organiser_views
from app.webinars.views import people as people_views
from app.webinars.views import postponements as postponement_views
from app.webinars.views import preflights as preflight_views
from app.webinars.views import publications as publication_views
from app.webinars.views import registration_questions as registration_question_views
from app.webinars.views import reminders as reminder_views
from app.webinars.views import restorations as restoration_views
from app.webinars.views import run_sheets as run_sheet_views
from app.webinars.views import schedules as schedule_views
from app.webinars.views import series as series_views
from app.webinars.views import speakers as speaker_views
from app.webinars.views import speaking as speaking_views
from app.webinars.views import transfers as transfer_views
from app.webinars.views import webinars as webinar_views

BLUEPRINTS: list[Blueprint] = [
    topic_views.bp,
    thread_views.bp,
    permalink_views.bp,
    live_views.bp,
    print_views.bp,
    post_views.bp,
    edit_views.bp,
    acceptance_views.bp,
    bookmark_views.bp,
    consolidation_views.bp,
    deadline_views.bp,
    overview_views.bp,
    removal_views.bp,
    response_views.bp,
    revision_views.bp,
    preview_views.bp,
    attribution_views.bp,
    hiding_views.bp,
    lock_views.bp,
    merge_views.bp,
    move_views.bp,
    pin_views.bp,
    split_views.bp,
    thread_tag_views.bp,
    title_views.bp,
    topic_tag_views.bp,
    completion_views.bp,
    similar_views.bp,
    follow_views.bp,
    mark_views.bp,
    menu_views.bp,
    list_views.bp,
    preferences.bp,
    dev_mail.bp,
    session_views.bp,
    recovery_code_views.bp,
    signup_views.bp,
    confirmation_views.bp,
    password_views.bp,
    settings_views.bp,
    security_settings_views.bp,
    member_views.bp,
    admin_views.bp,
    site_health_views.bp,
    draft_views.bp,
    handover_views.bp,
    feed_key_views.bp,
    home_views.bp,
    page_views.bp,
    file_views.bp,
    health_views.bp,
    crawler_views.bp,
    feed_views.bp,
    feed_views.personal,
    city_views.bp,
    note_views.bp,
    note_taker_views.bp,
    presence_views.bp,
    section_act_views.bp,
    section_views.bp,
    insertion_views.bp,
    review_views.bp,
    correction_views.bp,
    summary_change_views.bp,
    followup_views.bp,
    guest_link_views.bp,
    topic_year_views.bp,
    webinar_table_views.bp,
    decision_views.bp,
    action_views.bp,
    summary_views.bp,
    knowledge_views.bp,
    decisions_register_views.bp,
    actions_register_views.bp,
    promise_views.bp,
    summary_mail_views.bp,
    figure_views.bp,
    coverage_views.bp,
    statistics_views.bp,
    search_views.bp,
    notice_views.bp,
    conversation_views.bp,
    message_views.bp,
    message_report_views.bp,
    copy_views.bp,
    webinar_organiser_views.bp,
    postponement_views.bp,
    restoration_views.bp,
    series_views.bp,
    webinar_views.bp,
    question_views.bp,
    question_act_views.bp,
    question_thread_views.bp,
    material_views.bp,
    catch_up_views.bp,
    recording_views.bp,
    schedule_views.bp,
    publication_views.bp,
    cancellation_views.bp,
    checklist_views.bp,
    preflight_views.bp,
    run_sheet_views.bp,
    poll_views.bp,
    registration_question_views.bp,
    offer_views.bp,
    transfer_views.bp,
    approval_views.bp,
    people_views.bp,  # the blueprint of registrations, with the organisers' list
    join_views.bp,
    attendance_views.bp,
    attendance_report_views.bp,
    certificate_views.bp,
    live_part_views.bp,
    room_views.bp,
    quick_poll_views.bp,
    poll_opening_views.bp,
    poll_vote_views.bp,
    feedback_views.bp,
    feedback_result_views.bp,
    survey_views.bp,
    reminder_views.bp,
    speaker_views.bp,
    speaking_views.bp,
    calendar_views.bp,
    calendar_answer_views.bp,
    inbound_views.bp,
    webinar_mail_views.bp,
    calendar_key_views.bp,
]
